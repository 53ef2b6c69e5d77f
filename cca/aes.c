// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure AES keys in tokens of fixed length, as the pkey driver of Linux asks
 * for them (cca_genseckey(), cca_clr2seckey() and cca_sec2protkey() in
 * zcrypt_ccamisc.c).
 *
 *	KG		generate: user data, the words OP, KEYLN16 (24, 32),
 *			AESDATA and one ignored; reply: token
 *	CM AES		import: user data, the clear key; reply: token
 *	US		make a protected key: user data, a field 0001; keys, a
 *			field with the token; reply: user data, a field with a
 *			CPACF key block
 *
 * A token:
 *
 *	u8	1		u8[3]	0
 *	u8	4		u8	0
 *	u8	flags		u8	0
 *	u8[8]	verification pattern of the master key
 *	u8[32]	key, zeros behind it, encrypted by the master key
 *	u8[8]	control vector: 0
 *	u16	length of the key in bits
 *	u16	length of the encrypted key: 32
 *	u32	sum of all words before it
 */
#include <openssl/crypto.h>
#include <string.h>

#include "bytes/aes.h"
#include "key.h"

#define TOKEN_SIZE	64
#define TOKEN_VERSION	4
#define TOKEN_FLAGS	0xc0	/* encrypted, and with a pattern */
#define TAG_PROTECTED	0x0001

/* Return the sum of the words that come before the one that holds it. */
static uint32_t sum_of(struct slice token)
{
	struct cursor c = cursor_of(token.at, TOKEN_SIZE - 4);
	uint32_t sum = 0;

	while (cursor_left(&c))
		sum += cursor_u32(&c);
	return sum;
}

/* @b has room for one token. */
static void lay_token(struct builder *b, const struct master_key *master,
		      const uint8_t *encrypted, size_t length)
{
	build_u8(b, TOKEN_INTERNAL);
	build_zeros(b, 3);
	build_u8(b, TOKEN_VERSION);
	build_u8(b, 0);
	build_u8(b, TOKEN_FLAGS);
	build_u8(b, 0);
	build_bytes(b, master->pattern, PATTERN_LENGTH);
	build_bytes(b, encrypted, AES_KEY_MAX);
	build_zeros(b, 8);
	build_u16(b, 8 * length);
	build_u16(b, AES_KEY_MAX);
	build_u32(b, sum_of(builder_laid(b)));
}

/*
 * Lay the keys of a reply, one field with the token of @key, wrapped under
 * @master. Return CCA_NO_MASTER_KEY if @master is NULL.
 */
static enum cca_code lay_key(const struct master_key *master,
			     const struct cca_key *key, struct builder *reply)
{
	uint8_t encrypted[AES_KEY_MAX], token[TOKEN_SIZE];
	struct builder b = builder_of(token, sizeof(token));

	if (!master)
		return CCA_NO_MASTER_KEY;
	if (!aes_encrypt(master->value,
			 (struct slice){ key->value, AES_KEY_MAX }, encrypted))
		return CCA_FAILED;
	lay_token(&b, master, encrypted, key->length);
	cprbx_lay_empty(reply);
	cprbx_lay_empty(reply);
	cprbx_lay_field(reply, TAG_KEY, (struct slice){ token, sizeof(token) });
	return CCA_OK;
}

static bool word_is(struct cursor *c, const char *expected)
{
	struct slice word = cursor_take(c, 8);

	return !cursor_is_broken(c) && !memcmp(word.at, expected, 8);
}

/* Return the length in bytes that KG asks for, or 0 if it is not valid. */
static size_t asked_length(struct slice user)
{
	struct cursor c = cursor_of(user.at, user.length);
	struct cursor word;
	size_t length = 0;

	if (!word_is(&c, "OP      "))
		return 0;
	word = c;
	if (word_is(&word, "KEYLN16 "))
		length = 16;
	word = c;
	if (word_is(&word, "KEYLN24 "))
		length = 24;
	word = c;
	if (word_is(&word, "KEYLN32 "))
		length = 32;
	cursor_take(&c, 8);
	if (!word_is(&c, "AESDATA "))
		return 0;
	cursor_take(&c, 8);
	return cursor_at_end(&c) ? length : 0;
}

static enum cca_code generate(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	size_t length = asked_length(request->user);
	struct cca_key key = { 0 };
	enum cca_code code = CCA_FAILED;

	if (!length)
		return CCA_RULES;
	if (cca_key_generate(&key, length))
		code = lay_key(domain_current(domain, MASTER_KEY_AES), &key,
			       &reply->cprb);
	cca_key_wipe(&key);
	return code;
}

static enum cca_code import(const struct domain *domain,
			    const struct cprbx *request,
			    struct cca_reply *reply)
{
	struct cca_key key = { .length = request->user.length };
	enum cca_code code;

	if (!aes_key_length_is_valid(key.length))
		return CCA_KEY_LENGTH;
	memcpy(key.value, request->user.at, key.length);
	code = lay_key(domain_current(domain, MASTER_KEY_AES), &key,
		       &reply->cprb);
	cca_key_wipe(&key);
	return code;
}

struct token {
	struct slice pattern, encrypted;
	size_t length;		/* of the key */
};

/*
 * Return whether the beginning of @bytes is that of such a token, which may be
 * malformed.
 */
static bool is_token(struct slice bytes)
{
	struct cursor c = cursor_of(bytes.at, bytes.length);
	bool internal = cursor_u8(&c) == TOKEN_INTERNAL;

	cursor_take(&c, 3);
	return cursor_u8(&c) == TOKEN_VERSION && internal &&
	       bytes.length == TOKEN_SIZE;
}

static bool sum_is_right(struct slice token)
{
	struct cursor c = cursor_of(token.at + TOKEN_SIZE - 4, 4);

	return cursor_u32(&c) == sum_of(token);
}

static bool take_fields(struct slice bytes, struct token *token)
{
	struct cursor c = cursor_of(bytes.at, bytes.length);
	bool valid;
	uint16_t bits;

	cursor_take(&c, 1);
	valid = cursor_take_zeros(&c, 3);
	cursor_take(&c, 1);
	valid &= cursor_take_zeros(&c, 1);
	valid &= cursor_u8(&c) == TOKEN_FLAGS;
	valid &= cursor_take_zeros(&c, 1);
	token->pattern = cursor_take(&c, PATTERN_LENGTH);
	token->encrypted = cursor_take(&c, AES_KEY_MAX);
	valid &= cursor_take_zeros(&c, 8);
	bits = cursor_u16(&c);
	token->length = bits / 8;
	valid &= !(bits % 8) && aes_key_length_is_valid(token->length);
	return valid && cursor_u16(&c) == AES_KEY_MAX;
}

static enum cca_code take_token(struct slice bytes, struct token *token)
{
	if (!is_token(bytes))
		return CCA_TOKEN;
	if (!sum_is_right(bytes))
		return CCA_VALIDATION;
	return take_fields(bytes, token) ? CCA_OK : CCA_TOKEN;
}

/* Set @key to the clear key of a token. */
static enum cca_code open_token(const struct domain *domain, struct slice bytes,
				struct cca_key *key)
{
	const struct master_key *master;
	struct token token;
	struct cursor c;
	enum cca_code code = take_token(bytes, &token);

	if (code)
		return code;
	code = cca_master_key(domain, token.pattern, &master);
	if (!master)
		return code;
	if (!aes_decrypt(master->value, token.encrypted, key->value))
		return CCA_FAILED;
	key->length = token.length;
	c = cursor_of(key->value, AES_KEY_MAX);
	cursor_take(&c, key->length);
	return cursor_take_zeros(&c, AES_KEY_MAX - key->length) ? code : CCA_TOKEN;
}

enum cca_code cca_aes_reencipher(const struct domain *domain,
				 struct slice token,
				 const struct master_key *master,
				 struct builder *reply)
{
	struct cca_key key = { 0 };
	enum cca_code code = open_token(domain, token, &key);

	if (code == CCA_OK || code == CCA_OLD_MASTER_KEY)
		code = lay_key(master, &key, reply);
	cca_key_wipe(&key);
	return code;
}

static enum cca_code protect(const struct domain *domain,
			     const struct cprbx *request,
			     struct cca_reply *reply)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	struct cca_key key = { 0 };
	enum cca_code opened, laid = CCA_OK;
	uint16_t tag;
	size_t block;

	opened = open_token(domain, cprbx_field(&c, &tag), &key);
	if (opened == CCA_OK || opened == CCA_OLD_MASTER_KEY) {
		cprbx_lay_empty(&reply->cprb);
		block = build_open(&reply->cprb);
		laid = cca_lay_protected(&reply->cprb, TAG_PROTECTED, &key);
		build_close(&reply->cprb, block);
		cprbx_lay_empty(&reply->cprb);
	}
	cca_key_wipe(&key);
	return laid ? laid : opened;
}

const struct cca_function cca_aes[] = {
	{ "KG", "", generate },
	{ "CM", "AES     ", import },
	{ "US", "", protect },
	{ }
};
