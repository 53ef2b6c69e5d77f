/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Master keys of a queue's domain: their verification patterns, as the
 * attribute mkvps shows them. The host can read those of its own queues only.
 */
#ifndef APCTL_KEYS_H
#define APCTL_KEYS_H

#include <glib.h>

#include "machine.h"

enum key_kind { KEY_AES, KEY_APKA, KEY_ASYM, KEY_WK, KEY_KINDS };

/* A coprocessor's CCA master key, or its EP11 wrapping key. */
struct master_key {
	bool known;		/* the coprocessor has reported it */
	bool valid;		/* a key is set in the current register */
	bool pending;		/* the new register is not empty */
	char pattern[65];	/* of the current register, in hexadecimal */
};

struct keys {
	struct master_key key[KEY_KINDS];
};

extern const char *const key_names[KEY_KINDS];

/*
 * Return whether the adapter is a coprocessor, whose domains have master keys.
 */
bool adapter_has_keys(const struct adapter *adapter);

/* Return whether the host can read the master keys of the queue now. */
bool keys_are_readable(const struct machine *machine, unsigned int apqn);

/*
 * Read the master keys of a queue. Return 0, -ENODATA if the coprocessor does
 * not report them, or another -errno.
 */
int keys_read(const char *root, unsigned int apqn, struct keys *keys);

/* Return whether any key is set. */
bool keys_are_set(const struct keys *keys);

/*
 * Return a text with the keys that are set, such as "AES 0123456789abcdef, WK
 * ...", or "". It is the same for the same keys. The caller frees it.
 */
char *keys_text(const struct keys *keys);

#endif
