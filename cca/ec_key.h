/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys on elliptic curves as OpenSSL has them, and what it does with them. A
 * signature is r and s, each as long as the prime of the curve. Functions that
 * return a bool return false if OpenSSL fails.
 */
#ifndef CCA_EC_KEY_H
#define CCA_EC_KEY_H

#include <openssl/evp.h>

#include "ec_token.h"

/*
 * Return the private or the public key of a token, which the caller frees by
 * EVP_PKEY_free(). Return NULL if the token has no such key, or has one that is
 * not valid on its curve.
 */
EVP_PKEY *ec_key_private(const struct ec_token *token);
EVP_PKEY *ec_key_public(const struct ec_token *token);

/* Write the x coordinate of the product, @width bytes, to @secret. */
bool ec_key_derive(EVP_PKEY *mine, EVP_PKEY *peer, uint8_t *secret,
		   size_t width);

/*
 * ec_key_sign() writes a signature, of twice @width bytes, to @out.
 * ec_key_verify() returns whether @signature is one of @hash.
 */
bool ec_key_sign(EVP_PKEY *key, struct slice hash, uint8_t *out, size_t width);
bool ec_key_verify(EVP_PKEY *key, struct slice hash, struct slice signature);

/*
 * Write the private and the public part of @key, of the lengths that @curve
 * has.
 */
bool ec_key_export(EVP_PKEY *key, const struct curve *curve, uint8_t *private,
		   uint8_t *public);

#endif /* CCA_EC_KEY_H */
