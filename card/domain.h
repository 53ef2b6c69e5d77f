/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain of one coprocessor: its number, the serial number of its adapter,
 * its master keys, and the key under which parts of these are imported.
 *
 * A master key is loaded in parts, which are combined by exclusive or in the
 * register for the new key. That register is empty, partial or full. Setting
 * the master key makes the new key the current one, and the current one the old
 * one. Keys of users are wrapped under the current master key. A key that is
 * wrapped under the old one can still be used, so that it can be wrapped under
 * the current one. Keys that are wrapped under any other cannot be used.
 *
 * The verification pattern of a key is the SHA-256 value of a byte 01 and the
 * key. Of this, users see the leftmost 8 bytes (AES, APKA) or all 32 (WK). The
 * pattern of ASYM is the MDC-4 of the key, which has 16 bytes (IBM's CCA
 * documentation, "Master-key verification algorithms").
 *
 * ZAPQ zeroizes a queue, that is, its requests and replies. Master keys belong
 * to the domain and stay until the key console changes them.
 *
 * A domain is plain data. The caller serializes access and may copy a domain;
 * each copy is wiped by domain_wipe().
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
	MASTER_KEY_WK,			/* EP11: wrapping key; has no old one */
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

/* The primes of an RSA key with 2048 bits, or zeros if there is none */
struct importer {
	uint8_t p[128];
	uint8_t q[128];
};

struct domain {
	uint8_t number;
	uint8_t generation;	/* of the adapter: 8 for a CEX8 */
	char serial[SERIAL_LENGTH + 1];
	struct master_key keys[MASTER_KEY_KINDS][MASTER_KEY_REGISTERS];
	struct importer importer;	/* EP11: imports parts of keys */
};

enum domain_error {
	DOMAIN_OK,
	DOMAIN_LENGTH,		/* a key part is longer or shorter than a key */
	DOMAIN_FULL,		/* the new key already has its last part */
	DOMAIN_EMPTY,		/* there is no full new key to set */
	DOMAIN_FAILED,		/* OpenSSL lacks memory or random numbers */
};

/*
 * Initialize a domain as delivered, without master keys. The serial number is
 * derived from the adapter.
 */
void domain_init(struct domain *domain, uint16_t apqn);

/*
 * Make a random current key of @kind, and empty the registers of the new and
 * the old one. Return DOMAIN_OK or DOMAIN_FAILED.
 */
enum domain_error domain_generate(struct domain *domain,
				  enum master_key_kind kind);

/*
 * Set a register to @state and, unless that is empty, to the key @value. Return
 * false if OpenSSL has no memory; the register is empty then.
 */
bool domain_restore(struct domain *domain, enum master_key_kind kind,
		    enum master_key_register which, enum master_key_state state,
		    const uint8_t value[MASTER_KEY_MAX]);

/*
 * What the key console does. domain_load() adds @part to the new key, which is
 * full if it is the last part. domain_set() makes the new key the current one.
 * domain_clear() empties a register.
 */
enum domain_error domain_load(struct domain *domain, enum master_key_kind kind,
			      struct slice part, bool last);
enum domain_error domain_set(struct domain *domain, enum master_key_kind kind);
void domain_clear(struct domain *domain, enum master_key_kind kind,
		  enum master_key_register which);

/*
 * master_key_kind() returns the kind with the name "asym", "aes", "apka" or
 * "wk", or MASTER_KEY_KINDS if there is none of that name. master_key_name()
 * returns the name of a kind, and master_key_length() the length of its keys in
 * bytes.
 */
enum master_key_kind master_key_kind(const char *name);
const char *master_key_name(enum master_key_kind kind);
size_t master_key_length(enum master_key_kind kind);

/* Return how many bytes of a verification pattern users see. */
size_t master_key_pattern_length(enum master_key_kind kind);

/* Return a sentence for people, without a full stop. */
const char *domain_reason(enum domain_error error);

/*
 * Return the current or old key that is full and whose pattern begins with
 * @pattern, or NULL if there is none.
 */
const struct master_key *domain_find(const struct domain *domain,
				     enum master_key_kind kind,
				     struct slice pattern);

/* Return the current key if it is full, or NULL. */
const struct master_key *domain_current(const struct domain *domain,
					enum master_key_kind kind);

void domain_wipe(struct domain *domain);

#endif /* CARD_DOMAIN_H */
