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
 * User data are fields without tags: a length, which counts its own two bytes,
 * and the content. A signature is r and s, each as long as the prime.
 */
#include <openssl/crypto.h>
#include <openssl/ec.h>

#include "cca.h"
#include "ec_key.h"

#define TAG_SECRET		0x0094

static struct ec_token only_token(const struct cprbx *request)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);

	return ec_token_take(&c);
}

/* The user data of the reply are three empty fields. */
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
	struct ec_token mine = ec_token_take(&c), peer;
	EVP_PKEY *private = NULL, *public = NULL;
	uint8_t secret[CURVE_PRIME_MAX];
	enum cca_code code = CCA_KEY;
	uint16_t tag;

	(void)domain;
	cprbx_field(&c, &tag);
	peer = ec_token_take(&c);
	if (!mine.curve || mine.curve != peer.curve)
		return CCA_TOKEN;
	private = ec_key_private(&mine);
	public = ec_key_public(&peer);
	if (private && public &&
	    ec_key_derive(private, public, secret, curve_width(mine.curve))) {
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
	struct ec_token token = only_token(request);
	struct cursor c = cursor_of(request->user.at, request->user.length);
	struct slice hash = cprbx_block(&c);
	uint8_t signature[CURVE_SIGNATURE_MAX];
	EVP_PKEY *key;
	bool done;

	(void)domain;
	if (!cursor_at_end(&c) || !hash_length_is_valid(hash.length))
		return CCA_SIZE;
	if (!token.curve)
		return CCA_TOKEN;
	key = ec_key_private(&token);
	done = key && ec_key_sign(key, hash, signature, curve_width(token.curve));
	EVP_PKEY_free(key);
	if (!done)
		return CCA_KEY;
	lay_signature(&reply->cprb, (struct slice){
		signature, 2 * curve_width(token.curve) });
	return CCA_OK;
}

static enum cca_code verify_hash(const struct domain *domain,
				 const struct cprbx *request,
				 struct cca_reply *reply)
{
	struct ec_token token = only_token(request);
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
	key = ec_key_public(&token);
	if (!key)
		return CCA_KEY;
	valid = ec_key_verify(key, hash, signature);
	EVP_PKEY_free(key);
	for (int i = 0; i < 3; i++)
		cprbx_lay_empty(&reply->cprb);
	return valid ? CCA_OK : CCA_SIGNATURE;
}

/* Lay two empty blocks, and the keys: one field with the token. */
static void lay_token(struct builder *reply, const struct ec_token *token)
{
	size_t block, field;

	cprbx_lay_empty(reply);
	cprbx_lay_empty(reply);
	block = build_open(reply);
	field = build_open(reply);
	build_u16(reply, 0);
	ec_token_lay(reply, token);
	build_close(reply, field);
	build_close(reply, block);
}

static enum cca_code generate(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	struct ec_token token = only_token(request);
	uint8_t private[CURVE_PRIME_MAX], public[CURVE_POINT_MAX];
	EVP_PKEY *key;
	size_t width;
	enum cca_code code = CCA_FAILED;

	(void)domain;
	if (!token.curve)
		return CCA_TOKEN;
	width = curve_width(token.curve);
	token.private = (struct slice){ private, width };
	token.public = (struct slice){ public, curve_point(token.curve) };
	key = EVP_EC_gen(token.curve->name);
	if (key && ec_key_export(key, token.curve, private, public)) {
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
