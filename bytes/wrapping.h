/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protected keys: AES keys under the wrapping key that a VM's CPACF has, which
 * nobody else knows. Behind a wrapped key stands a pattern that tells which
 * wrapping key it was.
 */
#ifndef BYTES_WRAPPING_H
#define BYTES_WRAPPING_H

#include "aes.h"

#define WRAPPING_KEY		AES_KEK_LENGTH
#define WRAPPING_PATTERN	32

struct wrapping_key {
	uint8_t key[WRAPPING_KEY];
	uint8_t pattern[WRAPPING_PATTERN];
};

struct wrapping_key wrapping_of(const uint8_t key[WRAPPING_KEY]);

/*
 * Write the protected key of an AES key of 16, 24 or 32 bytes: as many bytes
 * and the pattern. False when OpenSSL is out of memory.
 */
bool wrapping_protect(const struct wrapping_key *wrapping, struct slice key,
		      uint8_t *protected);

/* Whether @protected, a protected key, is one of @wrapping. */
bool wrapping_has_made(const struct wrapping_key *wrapping, struct slice protected);

/* The clear key of a protected key; false also when it is not of @wrapping. */
bool wrapping_unprotect(const struct wrapping_key *wrapping, struct slice protected,
			uint8_t *key);

#endif /* BYTES_WRAPPING_H */
