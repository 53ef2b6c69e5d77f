/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Master keys of a queue's domain, as the attribute mkvps shows their
 * verification patterns. The host reads them of the queues that it has itself.
 */
#ifndef APCTL_KEYS_H
#define APCTL_KEYS_H

#include <glib.h>

#include "machine.h"

enum key_kind { KEY_AES, KEY_APKA, KEY_ASYM, KEY_WK, KEY_KINDS };

/* A coprocessor's CCA master key, or its EP11 wrapping key. */
struct master_key {
	bool known;		/* the coprocessor told of it */
	bool valid;		/* a key is set: the current register is valid */
	bool pending;		/* the new register is not empty */
	char pattern[65];	/* of the current register, hexadecimal digits */
};

struct keys {
	struct master_key key[KEY_KINDS];
};

extern const char *const key_names[KEY_KINDS];

/* Whether queues of this adapter have master keys at all: it is a coprocessor. */
bool adapter_has_keys(const struct adapter *adapter);

/* Whether the host can read them of the queue now. */
bool keys_readable(const struct machine *machine, unsigned int apqn);

/* Returns 0, -ENODATA when the coprocessor does not tell, or another -errno. */
int keys_read(const char *root, unsigned int apqn, struct keys *keys);

/* Whether any key is set. */
bool keys_set(const struct keys *keys);

/*
 * A line that tells which keys are set, "AES 0123456789abcdef, WK ...", or "";
 * the same for the same keys. The caller frees it.
 */
char *keys_text(const struct keys *keys);

#endif
