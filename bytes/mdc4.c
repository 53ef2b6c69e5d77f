// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "mdc4.h"

#define BLOCK	8

/*
 * Two blocks. When they serve as keys, two bits of their first bytes tell them
 * apart.
 */
struct pair {
	uint8_t one[BLOCK];
	uint8_t two[BLOCK];
};

#define KEY_BITS	0x60
#define KEY_ONE		0x40
#define KEY_TWO		0x20

/*
 * Encipher a block and add the block to its ciphertext. OpenSSL has DES itself
 * only among what it calls legacy, but triple DES under a key that is twice the
 * same is DES.
 */
static bool encipher(EVP_CIPHER_CTX *des, const uint8_t *key, uint8_t key_bits,
		     const uint8_t *in, uint8_t *out)
{
	uint8_t twice[2 * BLOCK];
	int length;
	bool done;

	memcpy(twice, key, BLOCK);
	twice[0] = (twice[0] & ~KEY_BITS) | key_bits;
	memcpy(twice + BLOCK, twice, BLOCK);
	done = EVP_EncryptInit_ex2(des, NULL, twice, NULL, NULL) &&
	       EVP_EncryptUpdate(des, out, &length, in, BLOCK);
	for (int i = 0; done && i < BLOCK; i++)
		out[i] ^= in[i];
	OPENSSL_cleanse(twice, sizeof(twice));
	return done;
}

/*
 * Compute MDC-1: encipher each block of @in under one of @keys, then exchange
 * the right halves.
 */
static bool mdc1(EVP_CIPHER_CTX *des, const struct pair *keys,
		 const struct pair *in, struct pair *out)
{
	uint8_t half[BLOCK / 2];

	if (!encipher(des, keys->one, KEY_ONE, in->one, out->one) ||
	    !encipher(des, keys->two, KEY_TWO, in->two, out->two))
		return false;
	memcpy(half, out->one + BLOCK / 2, sizeof(half));
	memcpy(out->one + BLOCK / 2, out->two + BLOCK / 2, sizeof(half));
	memcpy(out->two + BLOCK / 2, half, sizeof(half));
	return true;
}

/* The second MDC-1 enciphers what the keys were before. */
static bool add_block(EVP_CIPHER_CTX *des, struct pair *keys,
		      const uint8_t *block)
{
	struct pair between, in, crossed;
	bool done;

	memcpy(in.one, block, BLOCK);
	memcpy(in.two, block, BLOCK);
	memcpy(crossed.one, keys->two, BLOCK);
	memcpy(crossed.two, keys->one, BLOCK);
	done = mdc1(des, keys, &in, &between) &&
	       mdc1(des, &between, &crossed, keys);
	OPENSSL_cleanse(&in, sizeof(in));
	return done;
}

static bool calculate(EVP_CIPHER_CTX *des, struct slice text, struct pair *keys)
{
	memset(keys->one, 0x52, BLOCK);
	memset(keys->two, 0x25, BLOCK);
	for (size_t i = 0; i < text.length; i += BLOCK)
		if (!add_block(des, keys, text.at + i))
			return false;
	return true;
}

bool mdc4(struct slice text, uint8_t code[MDC4_LENGTH])
{
	EVP_CIPHER_CTX *des = EVP_CIPHER_CTX_new();
	struct pair keys;
	bool done = des && !(text.length % BLOCK) &&
		    EVP_EncryptInit_ex2(des, EVP_des_ede(), NULL, NULL, NULL) &&
		    EVP_CIPHER_CTX_set_padding(des, 0) &&
		    calculate(des, text, &keys);

	if (done)
		memcpy(code, &keys, MDC4_LENGTH);
	EVP_CIPHER_CTX_free(des);
	return done;
}
