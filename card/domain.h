/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain of one coprocessor: its number, its adapter's serial number, and
 * its master keys.
 *
 * A master key is loaded in parts, which are added bit by bit (exclusive or),
 * into the register for the new key: empty, partial, full. Setting it makes
 * the new key the current one, and the current one the old one. Keys of users
 * are wrapped under the current master key; what is wrapped under the old one
 * still serves, so that it can be wrapped anew; all else is useless.
 *
 * The verification pattern of a key is the SHA-256 value of a byte 01 and the
 * key, of which users see the leftmost 8 bytes (AES, APKA) or all 32 (WK); that
 * of ASYM is the MDC-4 of the key, 16 bytes (IBM's CCA documentation, "Master-key
 * verification algorithms").
 *
 * ZAPQ zeroizes a queue, that is the requests and replies in it. Master keys
 * are the domain's, and stay until the key console changes them.
 *
 * Plain data: the caller serializes access, and may copy a domain; a copy is
 * wiped by domain_wipe().
 */
#ifndef CARD_DOMAIN_H
#define CARD_DOMAIN_H

#include "abi/ap.h"
#include "bytes/cursor.h"

#define MASTER_KEY_MAX		32
#define MASTER_KEY_PATTERN	32
#define SERIAL_LENGTH		16	/* CCA shows the first eight */

enum master_key_kind {
	MASTER_KEY_ASYM,		/* CCA: RSA keys */
	MASTER_KEY_AES,			/* CCA: AES keys */
	MASTER_KEY_APKA,		/* CCA: EC keys */
	MASTER_KEY_WK,			/* EP11: the wrapping key; no old one */
	MASTER_KEY_KINDS,
};

enum master_key_register {
	MASTER_KEY_NEW,
	MASTER_KEY_CURRENT,
	MASTER_KEY_OLD,
	MASTER_KEY_REGISTERS,
};

enum master_key_state {
	MASTER_KEY_EMPTY,
	MASTER_KEY_PARTIAL,		/* new keys only; WK: not committed */
	MASTER_KEY_FULL,
};

struct master_key {
	enum master_key_state state;
	uint8_t value[MASTER_KEY_MAX];
	uint8_t pattern[MASTER_KEY_PATTERN];
};

struct domain {
	uint8_t number;
	uint8_t generation;	/* of the adapter: 8 for a CEX8 */
	char serial[SERIAL_LENGTH + 1];
	struct master_key keys[MASTER_KEY_KINDS][MASTER_KEY_REGISTERS];
};

enum domain_error {
	DOMAIN_OK,
	DOMAIN_LENGTH,		/* a key part is longer or shorter than a key */
	DOMAIN_FULL,		/* the new key already has its last part */
	DOMAIN_EMPTY,		/* there is no full new key to set */
	DOMAIN_FAILED,		/* OpenSSL has no random numbers, or no memory */
};

/* As delivered: no master keys. The serial number follows from the adapter. */
void domain_init(struct domain *domain, uint16_t apqn);

/* A random current key of @kind, no new and no old one. */
enum domain_error domain_generate(struct domain *domain,
				  enum master_key_kind kind);

/*
 * A register as it was kept: its state and, unless that is empty, its key. False,
 * and the register is empty: OpenSSL has no memory.
 */
bool domain_restore(struct domain *domain, enum master_key_kind kind,
		    enum master_key_register which, enum master_key_state state,
		    const uint8_t value[MASTER_KEY_MAX]);

/* What the key console does. */
enum domain_error domain_load(struct domain *domain, enum master_key_kind kind,
			      struct slice part, bool last);
enum domain_error domain_set(struct domain *domain, enum master_key_kind kind);
void domain_clear(struct domain *domain, enum master_key_kind kind,
		  enum master_key_register which);

/* "asym", "aes", "apka" or "wk"; MASTER_KEY_KINDS is none of them. */
enum master_key_kind master_key_kind(const char *name);
const char *master_key_name(enum master_key_kind kind);
size_t master_key_length(enum master_key_kind kind);

/* How much of a verification pattern users see. */
size_t master_key_pattern_length(enum master_key_kind kind);

/* A sentence for people, without a full stop. */
const char *domain_reason(enum domain_error error);

/* The full current or old key whose pattern begins with @pattern, or NULL. */
const struct master_key *domain_find(const struct domain *domain,
				     enum master_key_kind kind,
				     struct slice pattern);

/* The current key if it is full, or NULL. */
const struct master_key *domain_current(const struct domain *domain,
					enum master_key_kind kind);

void domain_wipe(struct domain *domain);

#endif /* CARD_DOMAIN_H */
