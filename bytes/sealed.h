/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that are encrypted and authenticated under a secret, by OpenSSL:
 *
 *	8	"swcexst1"
 *	32	salt, random each time
 *	16	check, which tells a wrong secret from damage
 *	...	the bytes, AES-256-GCM
 *	16	tag, of everything before it
 *
 * Key, nonce and check are HKDF-SHA-256 of the secret and the salt.
 */
#ifndef BYTES_SEALED_H
#define BYTES_SEALED_H

#include "cursor.h"

#define SEALED_MAGIC	8
#define SEALED_SALT	32
#define SEALED_CHECK	16
#define SEALED_TAG	16
#define SEALED_HEAD	(SEALED_MAGIC + SEALED_SALT + SEALED_CHECK)
#define SEALED_OVERHEAD	(SEALED_HEAD + SEALED_TAG)

enum sealed_error {
	SEALED_OK,
	SEALED_FOREIGN,		/* not made by sealed_make() */
	SEALED_OTHER_SECRET,
	SEALED_DAMAGED,
	SEALED_FAILED,		/* OpenSSL lacks memory or random numbers */
};

/* Seal @plain. @out has room for SEALED_OVERHEAD bytes more than @plain has. */
enum sealed_error sealed_make(struct slice secret, struct slice plain,
			      uint8_t *out);

/*
 * Open @sealed. @out has room for SEALED_OVERHEAD bytes less than @sealed has.
 * Nothing is left there after an error.
 */
enum sealed_error sealed_open(struct slice secret, struct slice sealed,
			      uint8_t *out);

#endif /* BYTES_SEALED_H */
