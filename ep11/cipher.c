// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/evp.h>

#include "asn1.h"
#include "cipher.h"

#define BLOCK	16

static const struct mode {
	uint32_t mechanism;
	bool padding;
	size_t iv;
	const EVP_CIPHER *(*cipher[3])(void);	/* 128, 192, 256 bits */
} modes[] = {
	{ CKM_AES_ECB, false, 0,
	  { EVP_aes_128_ecb, EVP_aes_192_ecb, EVP_aes_256_ecb } },
	{ CKM_AES_CBC, false, BLOCK,
	  { EVP_aes_128_cbc, EVP_aes_192_cbc, EVP_aes_256_cbc } },
	{ CKM_AES_CBC_PAD, true, BLOCK,
	  { EVP_aes_128_cbc, EVP_aes_192_cbc, EVP_aes_256_cbc } },
};

struct ep11_mechanism ep11_mechanism_take(struct cursor *arguments)
{
	struct slice octets = asn1_octets(arguments);
	struct cursor c = cursor_of(octets.at, octets.length);
	struct ep11_mechanism mechanism = { .number = cursor_u32(&c) };

	cursor_expect(arguments, !cursor_is_broken(&c));
	mechanism.parameter = cursor_rest(&c);
	return mechanism;
}

static enum ckr find_mode(const struct ep11_mechanism *mechanism,
			  const struct mode **mode)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		*mode = &modes[i];
		if (modes[i].mechanism != mechanism->number)
			continue;
		return modes[i].iv == mechanism->parameter.length ?
		       CKR_OK : CKR_MECHANISM_PARAM_INVALID;
	}
	return CKR_MECHANISM_INVALID;
}

/*
 * Return the length of the result, or -1 if the padding is wrong or memory is
 * lacking.
 */
static int apply_cipher(const struct mode *mode, struct slice key,
			struct slice iv, bool encrypt, struct slice in,
			uint8_t *out)
{
	const EVP_CIPHER *cipher = mode->cipher[key.length / 8 - 2]();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int length, more, result = -1;

	if (ctx &&
	    EVP_CipherInit_ex(ctx, cipher, NULL, key.at, iv.at, encrypt) &&
	    EVP_CIPHER_CTX_set_padding(ctx, mode->padding) &&
	    EVP_CipherUpdate(ctx, out, &length, in.at, in.length) &&
	    EVP_CipherFinal_ex(ctx, out + length, &more))
		result = length + more;
	EVP_CIPHER_CTX_free(ctx);
	return result;
}

enum ckr ep11_encrypt(const struct ep11_mechanism *mechanism, struct slice key,
		      struct slice in, struct builder *out)
{
	const struct mode *mode;
	enum ckr ckr = find_mode(mechanism, &mode);
	uint8_t *space;

	if (ckr)
		return ckr;
	if (!mode->padding && (!in.length || in.length % BLOCK))
		return CKR_DATA_LEN_RANGE;
	space = build_space(out, mode->padding ?
			    (in.length / BLOCK + 1) * BLOCK : in.length);
	if (!space)
		return CKR_IBM_TRANSPORT_LIMIT;
	if (apply_cipher(mode, key, mechanism->parameter, true, in, space) < 0)
		return CKR_FUNCTION_FAILED;
	return CKR_OK;
}

enum ckr ep11_decrypt(const struct ep11_mechanism *mechanism, struct slice key,
		      struct slice in, struct builder *out)
{
	const struct mode *mode;
	enum ckr ckr = find_mode(mechanism, &mode);
	size_t start = builder_length(out);
	uint8_t *space;
	int length;

	if (ckr)
		return ckr;
	if (!in.length || in.length % BLOCK)
		return CKR_ENCRYPTED_DATA_LEN_RANGE;
	space = build_space(out, in.length);
	if (!space)
		return CKR_IBM_TRANSPORT_LIMIT;
	length = apply_cipher(mode, key, mechanism->parameter, false, in,
			      space);
	if (length < 0)
		return CKR_ENCRYPTED_DATA_INVALID;
	build_rewind(out, start + length);
	return CKR_OK;
}
