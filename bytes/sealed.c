// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>

#include "sealed.h"

static const uint8_t magic[SEALED_MAGIC] = {
	's', 'w', 'c', 'e', 'x', 's', 't', '1',
};

struct keys {
	uint8_t key[32];
	uint8_t nonce[12];
	uint8_t check[SEALED_CHECK];
};

static bool expand(EVP_KDF_CTX *ctx, struct slice secret, const uint8_t *salt,
		   struct keys *keys)
{
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
						 "SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
						  (void *)secret.at,
						  secret.length),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
						  (void *)salt, SEALED_SALT),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
						  (void *)magic, SEALED_MAGIC),
		OSSL_PARAM_END,
	};

	return ctx && EVP_KDF_derive(ctx, (uint8_t *)keys, sizeof(*keys),
				     params) == 1;
}

static bool derive(struct slice secret, const uint8_t *salt, struct keys *keys)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	bool done = expand(ctx, secret, salt, keys);

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return done;
}

/* Encrypt or decrypt @in, and authenticate the head as well. */
static bool apply_cipher(EVP_CIPHER_CTX *ctx, const struct keys *keys,
			 bool encrypt, const uint8_t *head, struct slice in,
			 uint8_t *out)
{
	int length;

	return ctx && in.length <= INT32_MAX &&
	       EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, keys->key,
				 keys->nonce, encrypt) &&
	       EVP_CipherUpdate(ctx, NULL, &length, head, SEALED_HEAD) &&
	       EVP_CipherUpdate(ctx, out, &length, in.at, in.length);
}

static bool encrypt(const struct keys *keys, struct slice plain, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *body = out + SEALED_HEAD, *tag = body + plain.length;
	int length;
	bool done = apply_cipher(ctx, keys, true, out, plain, body) &&
		    EVP_CipherFinal_ex(ctx, tag, &length) &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEALED_TAG,
					tag) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return done;
}

static bool decrypt(const struct keys *keys, struct slice sealed, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	struct slice body = { sealed.at + SEALED_HEAD,
			      sealed.length - SEALED_OVERHEAD };
	int length;
	bool done = apply_cipher(ctx, keys, false, sealed.at, body, out) &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEALED_TAG,
					(void *)(body.at + body.length)) == 1 &&
		    EVP_CipherFinal_ex(ctx, out + body.length, &length) == 1;

	EVP_CIPHER_CTX_free(ctx);
	if (!done)
		OPENSSL_cleanse(out, body.length);
	return done;
}

enum sealed_error sealed_make(struct slice secret, struct slice plain,
			      uint8_t *out)
{
	uint8_t *salt = out + SEALED_MAGIC;
	struct keys keys;
	bool done;

	memcpy(out, magic, SEALED_MAGIC);
	if (RAND_bytes(salt, SEALED_SALT) != 1 || !derive(secret, salt, &keys))
		return SEALED_FAILED;
	memcpy(salt + SEALED_SALT, keys.check, SEALED_CHECK);
	done = encrypt(&keys, plain, out);
	OPENSSL_cleanse(&keys, sizeof(keys));
	return done ? SEALED_OK : SEALED_FAILED;
}

enum sealed_error sealed_open(struct slice secret, struct slice sealed,
			      uint8_t *out)
{
	const uint8_t *salt = sealed.at + SEALED_MAGIC;
	enum sealed_error error = SEALED_OK;
	struct keys keys;

	if (sealed.length < SEALED_MAGIC ||
	    memcmp(sealed.at, magic, SEALED_MAGIC))
		return SEALED_FOREIGN;
	if (sealed.length < SEALED_OVERHEAD)
		return SEALED_DAMAGED;
	if (!derive(secret, salt, &keys))
		return SEALED_FAILED;
	if (CRYPTO_memcmp(salt + SEALED_SALT, keys.check, SEALED_CHECK))
		error = SEALED_OTHER_SECRET;
	else if (!decrypt(&keys, sealed, out))
		error = SEALED_DAMAGED;
	OPENSSL_cleanse(&keys, sizeof(keys));
	return error;
}
