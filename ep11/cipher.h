/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mechanisms of EP11 that encrypt with an AES key: CKM_AES_ECB, CKM_AES_CBC
 * and CKM_AES_CBC_PAD, by OpenSSL.
 */
#ifndef EP11_CIPHER_H
#define EP11_CIPHER_H

#include "bytes/builder.h"
#include "ckr.h"

/*
 * A mechanism of a request, which is an OCTET STRING of number and parameter.
 */
struct ep11_mechanism {
	uint32_t number;
	struct slice parameter;
};

/* Take a mechanism off @arguments, which it breaks if it is malformed. */
struct ep11_mechanism ep11_mechanism_take(struct cursor *arguments);

/*
 * Encrypt or decrypt @in with a key of 16, 24 or 32 bytes, and lay the result.
 * Return CKR_IBM_TRANSPORT_LIMIT if the builder has no room for it.
 */
enum ckr ep11_encrypt(const struct ep11_mechanism *mechanism, struct slice key,
		      struct slice in, struct builder *out);
enum ckr ep11_decrypt(const struct ep11_mechanism *mechanism, struct slice key,
		      struct slice in, struct builder *out);

#endif /* EP11_CIPHER_H */
