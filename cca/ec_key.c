// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "ec_key.h"

#define SIGNATURE_DER_MAX	160

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

/* Return @key if OpenSSL finds it valid. Otherwise free it and return NULL. */
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

EVP_PKEY *ec_key_private(const struct ec_token *token)
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

EVP_PKEY *ec_key_public(const struct ec_token *token)
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

bool ec_key_derive(EVP_PKEY *mine, EVP_PKEY *peer, uint8_t *secret,
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

/* Write r and s of a signature in DER to @out, each @width bytes long. */
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

bool ec_key_sign(EVP_PKEY *key, struct slice hash, uint8_t *out, size_t width)
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

/*
 * Set @der to a signature in DER, which the caller frees by OPENSSL_free().
 * Return its length, or 0 on failure.
 */
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

bool ec_key_verify(EVP_PKEY *key, struct slice hash, struct slice signature)
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

bool ec_key_export(EVP_PKEY *key, const struct curve *curve, uint8_t *private,
		   uint8_t *public)
{
	size_t width = curve_width(curve), length;
	BIGNUM *d = NULL;
	bool done;

	done = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					       public, CURVE_POINT_MAX, &length) &&
	       length == curve_point(curve) &&
	       EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) &&
	       BN_bn2binpad(d, private, width) >= 0;
	BN_clear_free(d);
	return done;
}
