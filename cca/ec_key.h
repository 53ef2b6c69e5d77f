/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys on elliptic curves as OpenSSL has them, and what it does with them. A
 * signature is r and s, each as wide as the prime of the curve.
 */
#ifndef CCA_EC_KEY_H
#define CCA_EC_KEY_H

#include <openssl/evp.h>

#include "ec_token.h"

/*
 * The private or the public key of a token, to be freed by EVP_PKEY_free().
 * NULL: it has none, or none that is fit for use on its curve.
 */
EVP_PKEY *ec_key_private(const struct ec_token *token);
EVP_PKEY *ec_key_public(const struct ec_token *token);

/* Write the x coordinate of the product, @width bytes. */
bool ec_key_derive(EVP_PKEY *mine, EVP_PKEY *peer, uint8_t *secret,
		   size_t width);

/* Write a signature of twice @width bytes; tell whether one verifies. */
bool ec_key_sign(EVP_PKEY *key, struct slice hash, uint8_t *out, size_t width);
bool ec_key_verify(EVP_PKEY *key, struct slice hash, struct slice signature);

/* Write both parts of @key, of the lengths that @curve has. */
bool ec_key_export(EVP_PKEY *key, const struct curve *curve, uint8_t *private,
		   uint8_t *public);

#endif /* CCA_EC_KEY_H */
