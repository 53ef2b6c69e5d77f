// SPDX-License-Identifier: GPL-2.0-only
/*
 * Elliptic curves with clear keys, as libica sends them.
 *
 *	DH PASSTHRU	keys: token with the private key, null token, token
 *			with the other's public key, three null tokens;
 *			reply: a key field with the x coordinate of the product
 *	SG ECDSA	user data: hash; keys: token with the private key;
 *			reply: user data with the length of the signature in
 *			bits, and the signature
 *	SV ECDSA	user data: hash, signature; keys: token with the public
 *			key; return code 4, reason code 429: does not verify
 *	PG CLEAR	keys: token that names a curve, null token;
 *			reply: a key field with a token that holds both keys
 *
 * User data are fields without tags: a length, which counts its own two
 * bytes, and the content. A signature is r and s, each as long as the prime.
 *
 * A token:
 *
 *	u8	0x1e		u8	0
 *	u16	length of the token
 *	u8[4]	0
 *	-	private section, if any
 *	-	public section, if any
 *
 * Private section:
 *
 *	u8	0x20		u8	0
 *	u16	length of the section
 *	u8[4]	0: not wrapped
 *	u8	key usage
 *	u8	curve: 0 prime, 1 Brainpool
 *	u8	0x40: clear	u8	0
 *	u16	length of the prime in bits
 *	u16	length of IBM's associated data
 *	u8[56]	0
 *	u16	length of the associated data
 *	u16	length of the private key, or 0
 *	-	associated data, private key
 *
 * Public section:
 *
 *	u8	0x21		u8	0
 *	u16	length of the section
 *	u8[4]	0
 *	u8	curve		u8	0
 *	u16	length of the prime in bits
 *	u16	length of the public key, or 0
 *	-	public key: 04, x, y
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "cca.h"

#define TOKEN_EXTERNAL		0x1e
#define SECTION_PRIVATE		0x20
#define SECTION_PUBLIC		0x21
#define FORMAT_CLEAR		0x40
#define PRIVATE_SIZE		76
#define PUBLIC_SIZE		14
#define PRIME_MAX		66
#define POINT_MAX		(1 + 2 * PRIME_MAX)
#define SIGNATURE_DER_MAX	160
#define TAG_SECRET		0x0094

static const struct curve {
	uint8_t type;
	uint16_t bits;
	const char *name;
} curves[] = {
	{ 0, 192, "prime192v1" },
	{ 0, 224, "secp224r1" },
	{ 0, 256, "prime256v1" },
	{ 0, 384, "secp384r1" },
	{ 0, 521, "secp521r1" },
	{ 1, 160, "brainpoolP160r1" },
	{ 1, 192, "brainpoolP192r1" },
	{ 1, 224, "brainpoolP224r1" },
	{ 1, 256, "brainpoolP256r1" },
	{ 1, 320, "brainpoolP320r1" },
	{ 1, 384, "brainpoolP384r1" },
	{ 1, 512, "brainpoolP512r1" },
};

static const struct curve *curve_find(uint8_t type, uint16_t bits)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].type == type && curves[i].bits == bits)
			return &curves[i];
	return NULL;
}

static size_t curve_width(const struct curve *curve)
{
	return (curve->bits + 7) / 8;
}

struct token {
	const struct curve *curve;
	uint8_t usage;
	struct slice associated;
	struct slice private, public;	/* may be empty */
};

/* The curve that a section names; all sections of a token name the same. */
static void take_curve(struct cursor *c, struct token *token, uint8_t type,
		       uint16_t bits)
{
	const struct curve *curve = curve_find(type, bits);

	if (!curve || (token->curve && token->curve != curve))
		c->broken = true;
	token->curve = curve;
}

static void take_private(struct cursor *c, struct token *token)
{
	uint8_t type;
	uint16_t bits, associated, private;

	c->broken |= !cursor_zeros(c, 4);
	token->usage = cursor_u8(c);
	type = cursor_u8(c);
	c->broken |= cursor_u8(c) != FORMAT_CLEAR;
	cursor_take(c, 1);
	bits = cursor_u16(c);
	cursor_take(c, 58);
	associated = cursor_u16(c);
	private = cursor_u16(c);
	token->associated = cursor_take(c, associated);
	token->private = cursor_take(c, private);
	take_curve(c, token, type, bits);
}

static void take_public(struct cursor *c, struct token *token)
{
	uint8_t type;
	uint16_t bits, public;

	cursor_take(c, 4);
	type = cursor_u8(c);
	cursor_take(c, 1);
	bits = cursor_u16(c);
	public = cursor_u16(c);
	token->public = cursor_take(c, public);
	take_curve(c, token, type, bits);
}

/* A section begins with its kind and its length. */
static void take_section(struct cursor *c, struct token *token)
{
	uint8_t kind = cursor_u8(c);
	uint16_t length;
	struct slice body;
	struct cursor inner;

	cursor_u8(c);
	length = cursor_u16(c);
	body = cursor_take(c, length < 4 ? SIZE_MAX : length - 4u);
	inner = cursor_of(body.at, body.length);
	if (kind == SECTION_PRIVATE)
		take_private(&inner, token);
	else if (kind == SECTION_PUBLIC)
		take_public(&inner, token);
	else
		c->broken = true;
	c->broken |= !cursor_at_end(&inner);
}

static bool key_lengths_fit(const struct token *token)
{
	size_t width = curve_width(token->curve);

	return (!token->private.length || token->private.length == width) &&
	       (!token->public.length || token->public.length == 1 + 2 * width);
}

/* The token in the next field; an empty token (curve NULL) if it is none. */
static struct token take_token(struct cursor *keys)
{
	uint16_t tag;
	struct slice bytes = cprbx_field(keys, &tag);
	struct cursor c = cursor_of(bytes.at, bytes.length);
	struct token token = { 0 };

	c.broken |= cursor_u8(&c) != TOKEN_EXTERNAL;
	cursor_take(&c, 1);
	c.broken |= cursor_u16(&c) != bytes.length;
	cursor_take(&c, 4);
	while (!c.broken && c.left.length)
		take_section(&c, &token);
	if (c.broken || !token.curve || !key_lengths_fit(&token))
		return (struct token){ 0 };
	return token;
}

static struct token only_token(const struct cprbx *request)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);

	return take_token(&c);
}

static EVP_PKEY *key_from(OSSL_PARAM_BLD *build, int selection)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &key, selection, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

/* A key that OpenSSL finds fit for use, or NULL. */
static EVP_PKEY *checked(EVP_PKEY *key, int (*check)(EVP_PKEY_CTX *ctx))
{
	EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;

	if (!ctx || check(ctx) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *private_key(const struct token *token)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *d = BN_secure_new();
	EVP_PKEY *key = NULL;

	if (build && d && token->private.length &&
	    BN_bin2bn(token->private.at, token->private.length, d) &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
					    token->curve->name, 0) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d))
		key = key_from(build, EVP_PKEY_KEYPAIR);
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(build);
	return checked(key, EVP_PKEY_private_check);
}

static EVP_PKEY *public_key(const struct token *token)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (build && token->public.length &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
					    token->curve->name, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
					     token->public.at,
					     token->public.length))
		key = key_from(build, EVP_PKEY_PUBLIC_KEY);
	OSSL_PARAM_BLD_free(build);
	return checked(key, EVP_PKEY_public_check);
}

static bool derive(EVP_PKEY *mine, EVP_PKEY *peer, uint8_t *secret,
		   size_t width)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
	size_t length = width;
	bool done = ctx && EVP_PKEY_derive_init(ctx) > 0 &&
		    EVP_PKEY_derive_set_peer(ctx, peer) > 0 &&
		    EVP_PKEY_derive(ctx, secret, &length) > 0 &&
		    length == width;

	EVP_PKEY_CTX_free(ctx);
	return done;
}

/* The reply's user data are three empty fields. */
static void lay_secret(struct builder *reply, struct slice secret)
{
	size_t block;

	cprbx_lay_empty(reply);
	block = build_open(reply);
	for (uint16_t tag = 0x0090; tag <= 0x0092; tag++) {
		build_u16(reply, 4);
		build_u16(reply, tag);
	}
	build_close(reply, block);
	cprbx_lay_field(reply, TAG_SECRET, secret);
}

static enum cca_code agree(const struct domain *domain,
			   const struct cprbx *request,
			   struct cca_reply *reply)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	struct token mine = take_token(&c), peer;
	EVP_PKEY *private = NULL, *public = NULL;
	uint8_t secret[PRIME_MAX];
	enum cca_code code = CCA_KEY;
	uint16_t tag;

	(void)domain;
	cprbx_field(&c, &tag);
	peer = take_token(&c);
	if (!mine.curve || mine.curve != peer.curve)
		return CCA_TOKEN;
	private = private_key(&mine);
	public = public_key(&peer);
	if (private && public &&
	    derive(private, public, secret, curve_width(mine.curve))) {
		lay_secret(&reply->cprb, (struct slice){
			secret, curve_width(mine.curve) });
		code = CCA_OK;
	}
	OPENSSL_cleanse(secret, sizeof(secret));
	EVP_PKEY_free(private);
	EVP_PKEY_free(public);
	return code;
}

static bool hash_length_is_valid(size_t length)
{
	return length == 20 || length == 28 || length == 32 ||
	       length == 48 || length == 64;
}

/* Writes r and s, each @width bytes, of a signature in DER. */
static bool split(const uint8_t *der, size_t length, uint8_t *out, size_t width)
{
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, length);
	bool done = signature &&
		    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out,
				 width) >= 0 &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + width,
				 width) >= 0;

	ECDSA_SIG_free(signature);
	return done;
}

static bool sign(EVP_PKEY *key, struct slice hash, uint8_t *out, size_t width)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t der[SIGNATURE_DER_MAX];
	size_t length = sizeof(der);
	bool done = ctx && EVP_PKEY_sign_init(ctx) > 0 &&
		    EVP_PKEY_sign(ctx, der, &length, hash.at,
				  hash.length) > 0 &&
		    split(der, length, out, width);

	EVP_PKEY_CTX_free(ctx);
	return done;
}

static void lay_signature(struct builder *reply, struct slice signature)
{
	size_t block, field;

	cprbx_lay_empty(reply);
	block = build_open(reply);
	build_u16(reply, 4);
	build_u16(reply, 8 * signature.length);
	field = build_open(reply);
	build_slice(reply, signature);
	build_close(reply, field);
	build_close(reply, block);
	cprbx_lay_empty(reply);
}

static enum cca_code sign_hash(const struct domain *domain,
			       const struct cprbx *request,
			       struct cca_reply *reply)
{
	struct token token = only_token(request);
	struct cursor c = cursor_of(request->user.at, request->user.length);
	struct slice hash = cprbx_block(&c);
	uint8_t signature[2 * PRIME_MAX];
	EVP_PKEY *key;
	bool done;

	(void)domain;
	if (!cursor_at_end(&c) || !hash_length_is_valid(hash.length))
		return CCA_SIZE;
	if (!token.curve)
		return CCA_TOKEN;
	key = private_key(&token);
	done = key && sign(key, hash, signature, curve_width(token.curve));
	EVP_PKEY_free(key);
	if (!done)
		return CCA_KEY;
	lay_signature(&reply->cprb, (struct slice){
		signature, 2 * curve_width(token.curve) });
	return CCA_OK;
}

/* A signature in DER, to be freed by OPENSSL_free(); its length, or 0. */
static int join(struct slice signature, uint8_t **der)
{
	size_t width = signature.length / 2;
	BIGNUM *r = BN_bin2bn(signature.at, width, NULL);
	BIGNUM *s = BN_bin2bn(signature.at + width, width, NULL);
	ECDSA_SIG *both = ECDSA_SIG_new();
	int length = 0;

	*der = NULL;
	if (both && r && s && ECDSA_SIG_set0(both, r, s)) {
		r = s = NULL;
		length = i2d_ECDSA_SIG(both, der);
	}
	ECDSA_SIG_free(both);
	BN_free(r);
	BN_free(s);
	return length > 0 ? length : 0;
}

static bool verify(EVP_PKEY *key, struct slice hash, struct slice signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t *der;
	int length = join(signature, &der);
	bool valid = ctx && length && EVP_PKEY_verify_init(ctx) > 0 &&
		     EVP_PKEY_verify(ctx, der, length, hash.at,
				     hash.length) == 1;

	OPENSSL_free(der);
	EVP_PKEY_CTX_free(ctx);
	return valid;
}

static enum cca_code verify_hash(const struct domain *domain,
				 const struct cprbx *request,
				 struct cca_reply *reply)
{
	struct token token = only_token(request);
	struct cursor c = cursor_of(request->user.at, request->user.length);
	struct slice hash = cprbx_block(&c);
	struct slice signature = cprbx_block(&c);
	EVP_PKEY *key;
	bool valid;

	(void)domain;
	if (!token.curve)
		return CCA_TOKEN;
	if (!cursor_at_end(&c) || !hash_length_is_valid(hash.length) ||
	    signature.length != 2 * curve_width(token.curve))
		return CCA_SIZE;
	key = public_key(&token);
	if (!key)
		return CCA_KEY;
	valid = verify(key, hash, signature);
	EVP_PKEY_free(key);
	for (int i = 0; i < 3; i++)
		cprbx_lay_empty(&reply->cprb);
	return valid ? CCA_OK : CCA_SIGNATURE;
}

static void lay_private(struct builder *reply, const struct token *token)
{
	size_t start = reply->length;

	build_u8(reply, SECTION_PRIVATE);
	build_u8(reply, 0);
	build_u16(reply, PRIVATE_SIZE + token->associated.length +
			 token->private.length);
	build_zeros(reply, 4);
	build_u8(reply, token->usage);
	build_u8(reply, token->curve->type);
	build_u8(reply, FORMAT_CLEAR);
	build_u8(reply, 0);
	build_u16(reply, token->curve->bits);
	build_u16(reply, token->associated.length);
	build_zeros(reply, PRIVATE_SIZE - (reply->length - start) - 4);
	build_u16(reply, token->associated.length);
	build_u16(reply, token->private.length);
	build_slice(reply, token->associated);
	build_slice(reply, token->private);
}

static void lay_public(struct builder *reply, const struct token *token)
{
	build_u8(reply, SECTION_PUBLIC);
	build_u8(reply, 0);
	build_u16(reply, PUBLIC_SIZE + token->public.length);
	build_zeros(reply, 4);
	build_u8(reply, token->curve->type);
	build_u8(reply, 0);
	build_u16(reply, token->curve->bits);
	build_u16(reply, token->public.length);
	build_slice(reply, token->public);
}

/* An empty block twice, then the keys: one field with the token. */
static void lay_token(struct builder *reply, const struct token *token)
{
	size_t block, field, start;

	cprbx_lay_empty(reply);
	cprbx_lay_empty(reply);
	block = build_open(reply);
	field = build_open(reply);
	build_u16(reply, 0);
	start = reply->length;
	build_u8(reply, TOKEN_EXTERNAL);
	build_u8(reply, 0);
	build_u16(reply, 0);
	build_zeros(reply, 4);
	lay_private(reply, token);
	lay_public(reply, token);
	build_patch_u16(reply, start + 2, reply->length - start);
	build_close(reply, field);
	build_close(reply, block);
}

/* Writes both parts of @key, of the widths that @curve has. */
static bool export(EVP_PKEY *key, const struct curve *curve, uint8_t *private,
		   uint8_t *public)
{
	size_t width = curve_width(curve), length;
	BIGNUM *d = NULL;
	bool done;

	done = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					       public, POINT_MAX, &length) &&
	       length == 1 + 2 * width &&
	       EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) &&
	       BN_bn2binpad(d, private, width) >= 0;
	BN_clear_free(d);
	return done;
}

static enum cca_code generate(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	struct token token = only_token(request);
	uint8_t private[PRIME_MAX], public[POINT_MAX];
	EVP_PKEY *key;
	size_t width;
	enum cca_code code = CCA_FAILED;

	(void)domain;
	if (!token.curve)
		return CCA_TOKEN;
	width = curve_width(token.curve);
	token.private = (struct slice){ private, width };
	token.public = (struct slice){ public, 1 + 2 * width };
	key = EVP_EC_gen(token.curve->name);
	if (key && export(key, token.curve, private, public)) {
		lay_token(&reply->cprb, &token);
		code = CCA_OK;
	}
	EVP_PKEY_free(key);
	OPENSSL_cleanse(private, sizeof(private));
	return code;
}

const struct cca_function cca_ec[] = {
	{ "DH", "PASSTHRU", agree },
	{ "SG", "ECDSA   ", sign_hash },
	{ "SV", "ECDSA   ", verify_hash },
	{ "PG", "CLEAR   ", generate },
	{ }
};
