// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "aes.h"

static bool apply_cipher(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher,
			 const uint8_t *kek, bool encrypt, struct slice in,
			 uint8_t *out, size_t expected)
{
	static const uint8_t zeros[EVP_MAX_IV_LENGTH];
	const uint8_t *iv = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CBC_MODE ?
			    zeros : NULL;
	int length, more;

	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	return EVP_CipherInit_ex2(ctx, cipher, kek, iv, encrypt, NULL) &&
	       EVP_CIPHER_CTX_set_padding(ctx, 0) &&
	       EVP_CipherUpdate(ctx, out, &length, in.at, in.length) &&
	       EVP_CipherFinal_ex(ctx, out + length, &more) &&
	       (size_t)length + more == expected;
}

static bool cipher(const char *name, const uint8_t *kek, bool encrypt,
		   struct slice in, uint8_t *out, size_t expected)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool done = cipher && ctx &&
		    apply_cipher(ctx, cipher, kek, encrypt, in, out, expected);

	if (!done)
		OPENSSL_cleanse(out, expected);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return done;
}

bool aes_encrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
		 uint8_t *out)
{
	return cipher("AES-256-CBC-CTS", kek, true, plain, out, plain.length);
}

bool aes_decrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice ciphertext,
		 uint8_t *out)
{
	return cipher("AES-256-CBC-CTS", kek, false, ciphertext, out,
		      ciphertext.length);
}

static bool can_wrap(size_t length)
{
	return length >= 16 && !(length % 8);
}

bool aes_wrap(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
	      uint8_t *out)
{
	return can_wrap(plain.length) &&
	       cipher("AES-256-WRAP", kek, true, plain, out,
		      plain.length + AES_WRAP_OVERHEAD);
}

bool aes_unwrap(const uint8_t kek[AES_KEK_LENGTH], struct slice wrapped,
		uint8_t *out)
{
	return wrapped.length >= AES_WRAP_OVERHEAD &&
	       can_wrap(wrapped.length - AES_WRAP_OVERHEAD) &&
	       cipher("AES-256-WRAP", kek, false, wrapped, out,
		      wrapped.length - AES_WRAP_OVERHEAD);
}
