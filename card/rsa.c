// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CRT request has neither the public nor the private exponent, so an RSA key
 * object of OpenSSL could neither blind nor check the result. The two
 * exponentiations and the recombination are done here instead.
 *
 * BN_CTX_free() clears every number of the context. This wipes the secrets on
 * every path.
 */
#include <openssl/bn.h>

#include "rsa.h"

static BIGNUM *number_of(BN_CTX *ctx, struct slice bytes)
{
	BIGNUM *number = BN_CTX_get(ctx);

	if (!number || !BN_bin2bn(bytes.at, bytes.length, number))
		return NULL;
	BN_set_flags(number, BN_FLG_CONSTTIME);
	return number;
}

/* Montgomery arithmetic needs an odd modulus. */
static enum rsa_error check_modulus(const BIGNUM *modulus)
{
	if (BN_is_one(modulus) || BN_is_zero(modulus))
		return RSA_MODULUS;
	return BN_is_odd(modulus) ? RSA_OK : RSA_EVEN;
}

static enum rsa_error exponentiate(BN_CTX *ctx, struct slice message,
				   struct slice exponent, struct slice modulus,
				   uint8_t *result, size_t width)
{
	BIGNUM *c = number_of(ctx, message);
	BIGNUM *d = number_of(ctx, exponent);
	BIGNUM *n = number_of(ctx, modulus);
	BIGNUM *m = BN_CTX_get(ctx);
	enum rsa_error error;

	if (!c || !d || !n || !m)
		return RSA_FAILED;
	error = check_modulus(n);
	if (error)
		return error;
	if (BN_ucmp(c, n) >= 0)
		return RSA_MESSAGE;
	if (!BN_mod_exp_mont_consttime(m, c, d, n, ctx, NULL) ||
	    BN_bn2binpad(m, result, width) < 0)
		return RSA_FAILED;
	return RSA_OK;
}

enum rsa_error rsa_exponentiate(struct slice message, struct slice exponent,
				struct slice modulus, uint8_t *result,
				size_t width)
{
	BN_CTX *ctx = BN_CTX_new();
	enum rsa_error error;

	if (!ctx)
		return RSA_FAILED;
	BN_CTX_start(ctx);
	error = exponentiate(ctx, message, exponent, modulus, result, width);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return error;
}

struct crt {
	BIGNUM *c, *p, *q, *dp, *dq, *u;
	BIGNUM *m1, *m2, *h, *t;
};

static bool crt_read(BN_CTX *ctx, struct slice message,
		     const struct rsa_crt *key, struct crt *x)
{
	x->c = number_of(ctx, message);
	x->p = number_of(ctx, key->p);
	x->q = number_of(ctx, key->q);
	x->dp = number_of(ctx, key->dp);
	x->dq = number_of(ctx, key->dq);
	x->u = number_of(ctx, key->u);
	x->m1 = BN_CTX_get(ctx);
	x->m2 = BN_CTX_get(ctx);
	x->h = BN_CTX_get(ctx);
	x->t = BN_CTX_get(ctx);
	return x->c && x->p && x->q && x->dp && x->dq && x->u && x->t;
}

static enum rsa_error crt_check(BN_CTX *ctx, struct crt *x)
{
	enum rsa_error error = check_modulus(x->p);

	if (!error)
		error = check_modulus(x->q);
	if (error)
		return error;
	if (!BN_mul(x->t, x->p, x->q, ctx))
		return RSA_FAILED;
	return BN_ucmp(x->c, x->t) < 0 ? RSA_OK : RSA_MESSAGE;
}

/*
 * m1 = c^dp mod p, m2 = c^dq mod q. The fast code that OpenSSL has for pairs
 * needs bases below their moduli.
 */
static bool crt_exponentiate(BN_CTX *ctx, struct crt *x)
{
	return BN_nnmod(x->h, x->c, x->p, ctx) &&
	       BN_nnmod(x->t, x->c, x->q, ctx) &&
	       BN_mod_exp_mont_consttime_x2(x->m1, x->h, x->dp, x->p, NULL,
					    x->m2, x->t, x->dq, x->q, NULL,
					    ctx);
}

/* t = m2 + q * (u * (m1 - m2) mod p); m2 may be longer than p. */
static bool crt_recombine(BN_CTX *ctx, struct crt *x)
{
	return BN_nnmod(x->t, x->m2, x->p, ctx) &&
	       BN_mod_sub_quick(x->h, x->m1, x->t, x->p) &&
	       BN_mod_mul(x->h, x->h, x->u, x->p, ctx) &&
	       BN_mul(x->t, x->h, x->q, ctx) &&
	       BN_add(x->t, x->t, x->m2);
}

static enum rsa_error exponentiate_crt(BN_CTX *ctx, struct slice message,
				       const struct rsa_crt *key,
				       uint8_t *result, size_t width)
{
	struct crt x;
	enum rsa_error error;

	if (!crt_read(ctx, message, key, &x))
		return RSA_FAILED;
	error = crt_check(ctx, &x);
	if (error)
		return error;
	if (!crt_exponentiate(ctx, &x) || !crt_recombine(ctx, &x) ||
	    BN_bn2binpad(x.t, result, width) < 0)
		return RSA_FAILED;
	return RSA_OK;
}

enum rsa_error rsa_exponentiate_crt(struct slice message,
				    const struct rsa_crt *key, uint8_t *result,
				    size_t width)
{
	BN_CTX *ctx = BN_CTX_new();
	enum rsa_error error;

	if (!ctx)
		return RSA_FAILED;
	BN_CTX_start(ctx);
	error = exponentiate_crt(ctx, message, key, result, width);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return error;
}
