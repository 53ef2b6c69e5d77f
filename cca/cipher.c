// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure AES keys in tokens of variable length, which say what may be done with
 * the key, as the pkey driver of Linux asks for them (cca_gencipherkey(),
 * cca_clr2cipherkey() and cca_cipher2protkey() in zcrypt_ccamisc.c).
 *
 *	GK AES OP	generate: user data, the words TOKEN and one of blanks,
 *			the length of the key in bits, four lengths 0; keys, six
 *			fields, the third a token without a key; reply: keys, a
 *			field with the token and an empty field
 *	IP AES FIRST MIN3PART, IP AES ADD-PART, IP AES COMPLETE
 *			import in parts that are added bit by bit: user data,
 *			a field 0064 with the length of the part in bits and a
 *			field 0063 with the part; keys, a field with the token;
 *			reply: keys, a field with the token
 *	AU EXPT-SK	make a protected key: user data, a field 00c2; keys, a
 *			field with the token; reply: user data, a field with a
 *			CPACF key block
 *
 * A token is a head, of which the part from its byte 30 on is its associated
 * data, and the wrapped payload. The fields of the head are in the table of
 * offsets below, all else is fixed. The payload:
 *
 *	u16	length of the key in bits
 *	u8[6]	0
 *	u8[32]	SHA-256 value of the associated data
 *	-	key; in format 1, zeros up to 32 bytes
 */
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include "bytes/aes.h"
#include "key.h"

#define HEAD		56
#define HASH		32
#define PAYLOAD_FIXED	(8 + HASH)
#define PAYLOAD_MAX	(PAYLOAD_FIXED + AES_KEY_MAX)
#define TOKEN_MAX	(HEAD + PAYLOAD_MAX + AES_WRAP_OVERHEAD)
#define TAG_PART	0x0063
#define TAG_PART_BITS	0x0064
#define TAG_PROTECTED	0x00c2
#define PKA_INTERNAL	0x1f	/* the first byte of a token of RSA or ECC */

enum {
	AT_LENGTH	= 2,
	AT_STATE	= 8,	/* 0 no key, 3 wrapped under the master key */
	AT_PATTERN_TYPE	= 9,	/* with a key: 1, SHA-256 */
	AT_PATTERN	= 10,
	AT_METHOD	= 26,	/* with a key: 2, AES key wrap */
	AT_HASH		= 27,	/* with a key: 2, SHA-256 */
	AT_FORMAT	= 28,	/* of the payload, 0 or 1 */
	AT_ASSOCIATED	= 30,
	AT_PAYLOAD_BITS	= 38,	/* with a key */
	AT_EXPORT	= 50,
	AT_COMPLETENESS	= 52,	/* how many parts are still missing */
};

#define STATE_WRAPPED		3
#define PATTERN_SHA256		1
#define METHOD_KEY_WRAP		2
#define HASH_SHA256		2
#define EXPORT_CPACF		0x08
#define COMPLETE		0x00
#define MISSING_NONE		0x40	/* but is not declared complete yet */
#define MISSING_ONE		0x80
#define MISSING_TWO		0xc0

/*
 * Version 1 of the associated data, of 26 bytes; AES, CIPHER, 2 usage and 3
 * management fields. The fields themselves may have any value.
 */
static const struct fixed {
	uint8_t at;
	uint8_t value;
} fixed[] = {
	{ 0, 0x01 }, { 1, 0 }, { 4, 0x05 }, { 5, 0 }, { 6, 0 }, { 7, 0 },
	{ 29, 0 }, { 30, 1 }, { 31, 0 }, { 32, 0 }, { 33, 26 }, { 34, 0 },
	{ 35, 0 }, { 36, 0 }, { 37, 0 }, { 40, 0 }, { 41, 2 }, { 42, 0 },
	{ 43, 1 }, { 44, 2 }, { 49, 3 },
};

struct token {
	uint8_t head[HEAD];
	struct cca_key key;	/* of length 0 when there is none */
};

static bool head_is_valid(const uint8_t *head, size_t length)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (head[fixed[i].at] != fixed[i].value)
			return false;
	return (head[AT_LENGTH] << 8 | head[AT_LENGTH + 1]) == (int)length &&
	       head[AT_FORMAT] <= 1;
}

static size_t payload_length(const struct token *token)
{
	return PAYLOAD_FIXED + (token->head[AT_FORMAT] ? AES_KEY_MAX :
				token->key.length);
}

static void hash_associated(const struct token *token, uint8_t hash[HASH])
{
	SHA256(token->head + AT_ASSOCIATED, HEAD - AT_ASSOCIATED, hash);
}

static bool read_payload(struct slice payload, struct token *token)
{
	struct cursor c = cursor_of(payload.at, payload.length);
	uint8_t expected[HASH];
	struct slice hash, key;
	uint16_t bits = cursor_u16(&c);
	bool valid = cursor_take_zeros(&c, 6);

	hash_associated(token, expected);
	hash = cursor_take(&c, HASH);
	key = cursor_take(&c, bits / 8);
	valid &= cursor_take_zeros(&c, cursor_left(&c));
	if (!valid || bits % 8 || !aes_key_length_is_valid(key.length) ||
	    CRYPTO_memcmp(hash.at, expected, HASH))
		return false;
	memcpy(token->key.value, key.at, key.length);
	token->key.length = key.length;
	return payload.length == payload_length(token);
}

static bool is_wrapped(const uint8_t *head)
{
	return head[AT_STATE] == STATE_WRAPPED &&
	       head[AT_PATTERN_TYPE] == PATTERN_SHA256 &&
	       head[AT_METHOD] == METHOD_KEY_WRAP &&
	       head[AT_HASH] == HASH_SHA256;
}

static enum cca_code unwrap(const struct domain *domain, struct slice wrapped,
			    struct token *token)
{
	struct slice pattern = { token->head + AT_PATTERN, PATTERN_LENGTH };
	uint8_t payload[PAYLOAD_MAX];
	const struct master_key *master;
	enum cca_code code;

	code = cca_master_key(domain, pattern, &master);
	if (!master)
		return code;
	if (wrapped.length > sizeof(payload) + AES_WRAP_OVERHEAD ||
	    !aes_unwrap(master->value, wrapped, payload) ||
	    !read_payload((struct slice){ payload,
			  wrapped.length - AES_WRAP_OVERHEAD }, token))
		code = CCA_TOKEN;
	OPENSSL_cleanse(payload, sizeof(payload));
	return code;
}

static enum cca_code open_token(const struct domain *domain, struct slice bytes,
				struct token *token)
{
	struct cursor c = cursor_of(bytes.at, bytes.length);
	struct slice head = cursor_take(&c, HEAD);

	*token = (struct token){ 0 };
	if (cursor_is_broken(&c) || !head_is_valid(head.at, bytes.length))
		return CCA_TOKEN;
	memcpy(token->head, head.at, HEAD);
	if (is_wrapped(token->head))
		return unwrap(domain, cursor_rest(&c), token);
	return token->head[AT_STATE] || cursor_left(&c) ? CCA_TOKEN : CCA_OK;
}

static void put_u16(uint8_t *at, uint16_t value)
{
	struct builder b = builder_of(at, sizeof(value));

	build_u16(&b, value);
}

/* Complete the head for a @token that is going to be wrapped under @master. */
static void complete_head(struct token *token, const struct master_key *master)
{
	size_t wrapped = payload_length(token) + AES_WRAP_OVERHEAD;

	put_u16(token->head + AT_LENGTH, HEAD + wrapped);
	put_u16(token->head + AT_PAYLOAD_BITS, 8 * wrapped);
	token->head[AT_STATE] = STATE_WRAPPED;
	token->head[AT_PATTERN_TYPE] = PATTERN_SHA256;
	token->head[AT_METHOD] = METHOD_KEY_WRAP;
	token->head[AT_HASH] = HASH_SHA256;
	memcpy(token->head + AT_PATTERN, master->pattern, PATTERN_LENGTH);
}

/* Write the whole token to @out, and its length to @length. */
static bool wrap(const struct token *token, const struct master_key *master,
		 uint8_t out[TOKEN_MAX], size_t *length)
{
	uint8_t payload[PAYLOAD_MAX] = { 0 };
	struct builder b = builder_of(payload, sizeof(payload));
	bool done;

	build_u16(&b, 8 * token->key.length);
	build_zeros(&b, 6);
	hash_associated(token, build_space(&b, HASH));
	build_bytes(&b, token->key.value, token->key.length);
	memcpy(out, token->head, HEAD);
	done = aes_wrap(master->value,
			(struct slice){ payload, payload_length(token) },
			out + HEAD);
	*length = HEAD + payload_length(token) + AES_WRAP_OVERHEAD;
	OPENSSL_cleanse(payload, sizeof(payload));
	return done;
}

/*
 * Lay the keys of a reply: a field with @token, wrapped under @master, and
 * @more empty fields. Return CCA_NO_MASTER_KEY if @master is NULL.
 */
static enum cca_code lay_token(const struct master_key *master,
			       struct token *token, struct builder *reply,
			       int more)
{
	uint8_t bytes[TOKEN_MAX];
	size_t length, block, field;

	if (!master)
		return CCA_NO_MASTER_KEY;
	complete_head(token, master);
	if (!wrap(token, master, bytes, &length))
		return CCA_FAILED;
	cprbx_lay_empty(reply);
	cprbx_lay_empty(reply);
	block = build_open(reply);
	field = build_open(reply);
	build_u16(reply, TAG_KEY);
	build_bytes(reply, bytes, length);
	build_close(reply, field);
	for (; more; more--) {
		build_u16(reply, 4);
		build_u16(reply, TAG_KEY);
	}
	build_close(reply, block);
	return CCA_OK;
}

/* Return the length in bytes that GK asks for, or 0 if it is not valid. */
static size_t asked_length(struct slice user)
{
	struct cursor c = cursor_of(user.at, user.length);
	struct slice words = cursor_take(&c, 16);
	uint16_t bits = cursor_u16(&c);

	if (!cursor_take_zeros(&c, 8) || !cursor_at_end(&c) ||
	    memcmp(words.at, "TOKEN           ", words.length))
		return 0;
	return !(bits % 8) && aes_key_length_is_valid(bits / 8) ? bits / 8 : 0;
}

static enum cca_code generate(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	size_t length = asked_length(request->user);
	struct token token;
	enum cca_code code;
	uint16_t tag;

	if (!length)
		return CCA_KEY_LENGTH;
	cprbx_field(&c, &tag);
	cprbx_field(&c, &tag);
	code = open_token(domain, cprbx_field(&c, &tag), &token);
	/*
	 * A token that was wrapped, even under the old master key, already has
	 * a key.
	 */
	if (code == CCA_OLD_MASTER_KEY ||
	    (!code && (token.key.length || token.head[AT_COMPLETENESS])))
		code = CCA_TOKEN;
	if (!code && !cca_key_generate(&token.key, length))
		code = CCA_FAILED;
	if (!code)
		code = lay_token(domain_current(domain, MASTER_KEY_AES),
				 &token, &reply->cprb, 1);
	cca_key_wipe(&token.key);
	return code;
}

/* Set @part to the key part in the user data of IP, or to an empty slice. */
static enum cca_code take_part(struct slice user, struct slice *part)
{
	struct cursor c = cursor_of(user.at, user.length);
	struct cursor bits;
	struct slice field;
	uint16_t bits_tag, part_tag;

	field = cprbx_field(&c, &bits_tag);
	bits = cursor_of(field.at, field.length);
	*part = cprbx_field(&c, &part_tag);
	if (!cursor_at_end(&c) || bits_tag != TAG_PART_BITS ||
	    part_tag != TAG_PART)
		return CCA_SIZE;
	if (cursor_u16(&bits) != 8 * part->length || !cursor_at_end(&bits) ||
	    (part->length && !aes_key_length_is_valid(part->length)))
		return CCA_KEY_LENGTH;
	return CCA_OK;
}

static void add_part(struct cca_key *key, struct slice part)
{
	for (size_t i = 0; i < part.length; i++)
		key->value[i] ^= part.at[i];
	key->length = part.length;
}

static enum cca_code add_first(struct token *token, struct slice part)
{
	if (token->key.length || token->head[AT_COMPLETENESS])
		return CCA_TOKEN;
	if (!part.length)
		return CCA_KEY_LENGTH;
	add_part(&token->key, part);
	token->head[AT_COMPLETENESS] = MISSING_TWO;
	return CCA_OK;
}

static enum cca_code add_more(struct token *token, struct slice part)
{
	uint8_t *missing = &token->head[AT_COMPLETENESS];

	if (!token->key.length || *missing == COMPLETE)
		return CCA_TOKEN;
	if (part.length != token->key.length)
		return CCA_KEY_LENGTH;
	add_part(&token->key, part);
	*missing = *missing == MISSING_TWO ? MISSING_ONE : MISSING_NONE;
	return CCA_OK;
}

static enum cca_code finish(struct token *token, struct slice part)
{
	if (!token->key.length || part.length ||
	    token->head[AT_COMPLETENESS] != MISSING_NONE)
		return CCA_TOKEN;
	token->head[AT_COMPLETENESS] = COMPLETE;
	return CCA_OK;
}

static enum cca_code import(const struct domain *domain,
			    const struct cprbx *request,
			    struct cca_reply *reply,
			    enum cca_code (*step)(struct token *token,
						  struct slice part))
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	struct token token = { 0 };
	struct slice part;
	enum cca_code code, opened = CCA_OK;
	uint16_t tag;

	code = take_part(request->user, &part);
	if (!code)
		opened = open_token(domain, cprbx_field(&c, &tag), &token);
	if (!code && opened != CCA_OLD_MASTER_KEY)
		code = opened;
	if (!code)
		code = step(&token, part);
	if (!code)
		code = lay_token(domain_current(domain, MASTER_KEY_AES),
				 &token, &reply->cprb, 0);
	cca_key_wipe(&token.key);
	return code ? code : opened;
}

static enum cca_code import_first(const struct domain *domain,
				  const struct cprbx *request,
				  struct cca_reply *reply)
{
	return import(domain, request, reply, add_first);
}

static enum cca_code import_more(const struct domain *domain,
				 const struct cprbx *request,
				 struct cca_reply *reply)
{
	return import(domain, request, reply, add_more);
}

static enum cca_code import_last(const struct domain *domain,
				 const struct cprbx *request,
				 struct cca_reply *reply)
{
	return import(domain, request, reply, finish);
}

enum cca_code cca_cipher_reencipher(const struct domain *domain,
				    struct slice bytes,
				    const struct master_key *master,
				    struct builder *reply)
{
	struct token token;
	enum cca_code code = open_token(domain, bytes, &token);

	if (code == CCA_OK && !token.key.length)
		code = CCA_TOKEN;
	if (code == CCA_OK || code == CCA_OLD_MASTER_KEY)
		code = lay_token(master, &token, reply, 0);
	cca_key_wipe(&token.key);
	return code;
}

static enum cca_code check_export(const struct token *token)
{
	if (!token->key.length || token->head[AT_COMPLETENESS] != COMPLETE)
		return CCA_TOKEN;
	return token->head[AT_EXPORT] & EXPORT_CPACF ? CCA_OK : CCA_NO_EXPORT;
}

/*
 * Linux sends tokens of ECC, too. Here nothing makes these, since public sources
 * do not tell what is in them, and so the verb is switched off for them.
 */
static enum cca_code open_for_protection(const struct domain *domain,
					 struct slice bytes, struct token *token)
{
	if (bytes.length && bytes.at[0] == PKA_INTERNAL)
		return CCA_SWITCHED_OFF;
	return open_token(domain, bytes, token);
}

static enum cca_code protect(const struct domain *domain,
			     const struct cprbx *request,
			     struct cca_reply *reply)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	struct token token = { 0 };
	enum cca_code opened, code;
	uint16_t tag;
	size_t block;

	opened = open_for_protection(domain, cprbx_field(&c, &tag), &token);
	code = opened == CCA_OLD_MASTER_KEY ? CCA_OK : opened;
	if (!code)
		code = check_export(&token);
	if (!code) {
		cprbx_lay_empty(&reply->cprb);
		block = build_open(&reply->cprb);
		code = cca_lay_protected(&reply->cprb, TAG_PROTECTED,
					 &token.key);
		build_close(&reply->cprb, block);
		cprbx_lay_empty(&reply->cprb);
	}
	cca_key_wipe(&token.key);
	return code ? code : opened;
}

const struct cca_function cca_cipher[] = {
	{ "GK", "AES     OP      ", generate },
	{ "IP", "AES     FIRST   MIN3PART", import_first },
	{ "IP", "AES     ADD-PART", import_more },
	{ "IP", "AES     COMPLETE", import_last },
	{ "AU", "EXPT-SK ", protect },
	{ }
};
