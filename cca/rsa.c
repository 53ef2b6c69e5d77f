// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA with clear keys, as zcrypt_cca_key.h of Linux sends them.
 *
 * PK, modular exponentiation. The key token:
 *
 *	u8	0x1e		u8	0
 *	u16	length of the token
 *	u8[4]	0
 *	u8	0x04		u8	0
 *	u16	length of the section
 *	u8[2]	0
 *	u16	length of the exponent
 *	u16	length of the modulus in bits
 *	u16	length of the modulus
 *	-	exponent, modulus
 *
 * PD, exponentiation by the Chinese remainder theorem. The key token:
 *
 *	u8	0x1e		u8	0
 *	u16	length of the token
 *	u8[4]	0
 *	u8	0x08		u8	0
 *	u16	length of the section
 *	u8[24]	ignored
 *	u8	0x40
 *	u8[25]	ignored
 *	u16[5]	length of p, q, dp, dq, u
 *	u16	length of the modulus
 *	u8[4]	ignored
 *	u16	length of the padding
 *	u8[60]	ignored
 *	-	p, q, dp, dq, u, padding, modulus
 *	-	public section, ignored
 *
 * The user data of request and reply is the number, as long as the modulus.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "card/rsa.h"
#include "cca.h"

#define TOKEN_EXTERNAL	0x1e
#define SECTION_PUBLIC	0x04
#define SECTION_CRT	0x08
#define FORMAT_CLEAR	0x40
#define MODULUS_MAX	512
#define PRIME_MAX	(MODULUS_MAX / 2 + 8)

static enum cca_code code_of(enum rsa_error error)
{
	switch (error) {
	case RSA_OK:
		return CCA_OK;
	case RSA_MESSAGE:
		return CCA_OPERAND;
	case RSA_EVEN:
	case RSA_MODULUS:
	case RSA_FAILED:
		break;
	}
	return CCA_KEY;
}

/* Return a cursor for the first section of the only token in @keys. */
static struct cursor take_section(struct slice keys, uint8_t expected)
{
	struct cursor c = cursor_of(keys.at, keys.length);
	struct slice token;
	uint16_t tag;

	token = cprbx_field(&c, &tag);
	c = cursor_of(token.at, token.length);
	cursor_expect(&c, cursor_u8(&c) == TOKEN_EXTERNAL);
	cursor_expect(&c, cursor_take_zeros(&c, 1));
	cursor_expect(&c, cursor_u16(&c) == token.length);
	cursor_take(&c, 4);
	cursor_expect(&c, cursor_u8(&c) == expected);
	cursor_take(&c, 3);
	return c;
}

static enum cca_code check_sizes(const struct cprbx *request, size_t modulus)
{
	if (!modulus || modulus > MODULUS_MAX)
		return CCA_KEY_LENGTH;
	return request->user.length == modulus ? CCA_OK : CCA_SIZE;
}

/* Lay the reply: an empty block, the block with the number, an empty block. */
static uint8_t *lay_number(struct cca_reply *reply, size_t length)
{
	size_t block;
	uint8_t *number;

	cprbx_lay_empty(&reply->cprb);
	block = build_open(&reply->cprb);
	number = build_space(&reply->cprb, length);
	build_close(&reply->cprb, block);
	cprbx_lay_empty(&reply->cprb);
	return number;
}

static enum cca_code exponentiate(const struct domain *domain,
				  const struct cprbx *request,
				  struct cca_reply *reply)
{
	struct cursor c = take_section(request->keys, SECTION_PUBLIC);
	struct slice exponent, modulus;
	uint16_t exponent_length, modulus_length;
	enum cca_code code;
	uint8_t *result;

	(void)domain;
	cursor_take(&c, 2);
	exponent_length = cursor_u16(&c);
	cursor_take(&c, 2);
	modulus_length = cursor_u16(&c);
	exponent = cursor_take(&c, exponent_length);
	modulus = cursor_take(&c, modulus_length);
	if (!cursor_at_end(&c))
		return CCA_KEY;
	code = check_sizes(request, modulus.length);
	if (code)
		return code;
	if (exponent.length > MODULUS_MAX)
		return CCA_KEY_LENGTH;
	result = lay_number(reply, modulus.length);
	if (!result)
		return CCA_SIZE;
	return code_of(rsa_exponentiate(request->user, exponent, modulus,
					result, modulus.length));
}

/* Take the parts of the token. Return the length of the modulus, or 0. */
static size_t take_crt(struct cursor *c, struct rsa_crt *key)
{
	uint16_t length[5], modulus, padding;

	cursor_take(c, 24);
	cursor_expect(c, cursor_u8(c) == FORMAT_CLEAR);
	cursor_take(c, 25);
	for (int i = 0; i < 5; i++) {
		length[i] = cursor_u16(c);
		cursor_expect(c, length[i] <= PRIME_MAX);
	}
	modulus = cursor_u16(c);
	cursor_take(c, 4);
	padding = cursor_u16(c);
	cursor_take(c, 60);
	key->p = cursor_take(c, length[0]);
	key->q = cursor_take(c, length[1]);
	key->dp = cursor_take(c, length[2]);
	key->dq = cursor_take(c, length[3]);
	key->u = cursor_take(c, length[4]);
	cursor_take(c, padding);
	cursor_take(c, modulus);
	return cursor_is_broken(c) ? 0 : modulus;
}

/*
 * The fields of the primes are longer than half a modulus, so the primes may be
 * too long for the modulus that the request names.
 */
static enum cca_code compute_crt(struct slice message,
				 const struct rsa_crt *key, uint8_t *result,
				 size_t modulus)
{
	size_t length = key->p.length + key->q.length;
	uint8_t wide[2 * PRIME_MAX];
	struct cursor c = cursor_of(wide, length);
	enum cca_code code;

	code = code_of(rsa_exponentiate_crt(message, key, wide, length));
	if (!code && length > modulus && !cursor_take_zeros(&c, length - modulus))
		code = CCA_KEY_LENGTH;
	if (!code) {
		length = cursor_left(&c);
		memcpy(result + modulus - length, cursor_rest(&c).at, length);
	}
	OPENSSL_cleanse(wide, sizeof(wide));
	return code;
}

static enum cca_code exponentiate_crt(const struct domain *domain,
				      const struct cprbx *request,
				      struct cca_reply *reply)
{
	struct cursor c = take_section(request->keys, SECTION_CRT);
	size_t modulus;
	struct rsa_crt key;
	enum cca_code code;
	uint8_t *result;

	(void)domain;
	modulus = take_crt(&c, &key);
	if (cursor_is_broken(&c))
		return CCA_KEY;
	code = check_sizes(request, modulus);
	if (code)
		return code;
	result = lay_number(reply, modulus);
	if (!result)
		return CCA_SIZE;
	memset(result, 0, modulus);
	return compute_crt(request->user, &key, result, modulus);
}

const struct cca_function cca_rsa[] = {
	{ "PK", "MRP     ", exponentiate },
	{ "PD", "ZERO-PAD", exponentiate_crt },
	{ }
};
