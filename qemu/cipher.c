// SPDX-License-Identifier: GPL-2.0-only
#include "cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

#define KEY_LENGTHS	3
#define REDUCTION	0x87	/* of x^128 in XTS's field */

/* Fetched once, because a look-up takes longer than encrypting a sector. */
static struct {
	EVP_CIPHER *ecb[KEY_LENGTHS];
	EVP_CIPHER *cbc[KEY_LENGTHS];
} fetched;

static void fetch_all(void)
{
	static const char *const ecb[] = { "AES-128-ECB", "AES-192-ECB", "AES-256-ECB" };
	static const char *const cbc[] = { "AES-128-CBC", "AES-192-CBC", "AES-256-CBC" };

	for (size_t i = 0; i < KEY_LENGTHS; i++) {
		fetched.ecb[i] = EVP_CIPHER_fetch(NULL, ecb[i], NULL);
		fetched.cbc[i] = EVP_CIPHER_fetch(NULL, cbc[i], NULL);
	}
}

static const EVP_CIPHER *find(enum cipher_mode mode, size_t key_length)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t i = key_length / 8 - 2;

	if (pthread_once(&once, fetch_all))
		return NULL;
	return mode == CIPHER_CBC ? fetched.cbc[i] : fetched.ecb[i];
}

/* Do OpenSSL's part, which is ECB and CBC, in place. */
static bool transform(enum cipher_mode mode, bool decrypts, struct slice key,
		      const uint8_t *iv, uint8_t *data, size_t length)
{
	const EVP_CIPHER *cipher = find(mode, key.length);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done = 0;
	bool right = cipher && ctx &&
		     EVP_CipherInit_ex2(ctx, cipher, key.at, iv, !decrypts, NULL) &&
		     EVP_CIPHER_CTX_set_padding(ctx, 0) &&
		     EVP_CipherUpdate(ctx, data, &done, data, length) &&
		     (size_t)done == length;

	EVP_CIPHER_CTX_free(ctx);
	return right;
}

static void mask(uint8_t *data, const uint8_t *with, size_t length)
{
	uint64_t a, b;

	for (size_t i = 0; i < length; i += sizeof(a)) {
		memcpy(&a, data + i, sizeof(a));
		memcpy(&b, with + i, sizeof(b));
		a ^= b;
		memcpy(data + i, &a, sizeof(a));
	}
}

static bool run_cbc(struct cipher *c, uint8_t *data, size_t length)
{
	uint8_t *last = data + length - CIPHER_BLOCK;
	uint8_t next[CIPHER_BLOCK];

	memcpy(next, last, sizeof(next));
	if (!transform(CIPHER_CBC, c->decrypts, c->key, c->chain, data, length))
		return false;
	memcpy(c->chain, c->decrypts ? next : last, sizeof(next));
	return true;
}

static bool run_ctr(struct cipher *c, uint8_t *data, size_t length)
{
	if (!transform(CIPHER_ECB, false, c->key, NULL, c->counters, length))
		return false;
	mask(data, c->counters, length);
	return true;
}

/* Multiply by x; the leftmost byte has the lowest coefficients. */
static void next_parameter(uint8_t parameter[CIPHER_BLOCK])
{
	uint8_t carry = 0;

	for (size_t i = 0; i < CIPHER_BLOCK; i++) {
		uint8_t top = parameter[i] >> 7;

		parameter[i] = parameter[i] << 1 | carry;
		carry = top;
	}
	if (carry)
		parameter[0] ^= REDUCTION;
}

/*
 * Mask each block with its parameter. The first one is @parameter, which is
 * advanced.
 */
static void mask_xts(uint8_t *data, size_t length, uint8_t parameter[CIPHER_BLOCK])
{
	for (size_t i = 0; i < length; i += CIPHER_BLOCK) {
		mask(data + i, parameter, CIPHER_BLOCK);
		next_parameter(parameter);
	}
}

static bool run_xts(struct cipher *c, uint8_t *data, size_t length)
{
	uint8_t parameter[CIPHER_BLOCK];

	memcpy(parameter, c->chain, sizeof(parameter));
	mask_xts(data, length, parameter);
	if (!transform(CIPHER_ECB, c->decrypts, c->key, NULL, data, length))
		return false;
	mask_xts(data, length, c->chain);
	return true;
}

bool cipher_run(struct cipher *c, uint8_t *data, size_t length)
{
	switch (c->mode) {
	case CIPHER_CBC:
		return run_cbc(c, data, length);
	case CIPHER_CTR:
		return run_ctr(c, data, length);
	case CIPHER_XTS:
		return run_xts(c, data, length);
	default:
		return transform(CIPHER_ECB, c->decrypts, c->key, NULL, data,
				 length);
	}
}

bool cipher_xts_parameter(struct slice key, const uint8_t tweak[CIPHER_BLOCK],
			  uint8_t parameter[CIPHER_BLOCK])
{
	memcpy(parameter, tweak, CIPHER_BLOCK);
	return transform(CIPHER_ECB, false, key, NULL, parameter, CIPHER_BLOCK);
}
