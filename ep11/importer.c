// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "asn1.h"
#include "importer.h"

#define PRIME		sizeof(((struct importer *)0)->p)
#define MODULUS		(2 * PRIME)

static _Thread_local struct {
	bool made;
	struct importer primes;
} prepared;

static bool export_prime(const EVP_PKEY *key, const char *name,
			 uint8_t prime[PRIME])
{
	BIGNUM *number = NULL;
	bool done = EVP_PKEY_get_bn_param(key, name, &number) &&
		    BN_bn2binpad(number, prime, PRIME) > 0;

	BN_clear_free(number);
	return done;
}

void ep11_importer_prepare(void)
{
	EVP_PKEY *key = EVP_RSA_gen(8 * MODULUS);

	prepared.made = key &&
		export_prime(key, OSSL_PKEY_PARAM_RSA_FACTOR1,
			     prepared.primes.p) &&
		export_prime(key, OSSL_PKEY_PARAM_RSA_FACTOR2,
			     prepared.primes.q);
	EVP_PKEY_free(key);
}

/* Set the modulus @n and the private exponent @d for 65537. */
static bool compute(const struct importer *primes, BIGNUM *n, BIGNUM *e,
		    BIGNUM *d, BN_CTX *ctx)
{
	BIGNUM *p = BN_CTX_get(ctx), *q = BN_CTX_get(ctx);
	BIGNUM *phi = BN_CTX_get(ctx);

	return phi && BN_bin2bn(primes->p, PRIME, p) &&
	       BN_bin2bn(primes->q, PRIME, q) && BN_mul(n, p, q, ctx) &&
	       BN_set_word(e, RSA_F4) && BN_sub_word(p, 1) &&
	       BN_sub_word(q, 1) && BN_mul(phi, p, q, ctx) &&
	       BN_mod_inverse(d, e, phi, ctx);
}

static EVP_PKEY *key_from(const BIGNUM *n, const BIGNUM *e, const BIGNUM *d)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params && ctx && EVP_PKEY_fromdata_init(ctx) > 0 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) <= 0)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Return the key with these primes, or NULL if there is no memory. */
static EVP_PKEY *key_of(const struct importer *primes)
{
	BN_CTX *ctx = BN_CTX_secure_new();
	BIGNUM *n = BN_new(), *e = BN_new(), *d = BN_secure_new();
	EVP_PKEY *key = NULL;

	if (ctx && n && e && d && compute(primes, n, e, d, ctx))
		key = key_from(n, e, d);
	BN_clear_free(d);
	BN_free(e);
	BN_free(n);
	BN_CTX_free(ctx);
	return key;
}

static bool build_public(const EVP_PKEY *key, struct builder *b)
{
	int length = i2d_PUBKEY(key, NULL);
	unsigned char *space;

	if (length <= 0)
		return false;
	space = build_space(b, length);
	return space && i2d_PUBKEY(key, &space) == length;
}

enum ckr ep11_importer_take(struct domain *domain, struct builder *b)
{
	EVP_PKEY *key = prepared.made ? key_of(&prepared.primes) : NULL;
	bool done = key && build_public(key, b);

	if (done)
		domain->importer = prepared.primes;
	OPENSSL_cleanse(&prepared, sizeof(prepared));
	EVP_PKEY_free(key);
	return done ? CKR_OK : CKR_FUNCTION_FAILED;
}

static bool is(struct slice slice, const void *bytes, size_t length)
{
	return slice.length == length && !memcmp(slice.at, bytes, length);
}

static bool take_recipient(struct slice recipient, struct slice *encrypted)
{
	static const uint8_t algorithm[] = {
		0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
		0x01, 0x05, 0x00,
	};
	struct cursor whole = cursor_of(recipient.at, recipient.length);
	struct slice elements = asn1_sequence(&whole);
	struct cursor c = cursor_of(elements.at, elements.length);
	bool known = is(asn1_integer(&c), "\2", 1);

	asn1_tagged_octets(&c);
	known &= is(asn1_sequence(&c), algorithm, sizeof(algorithm));
	*encrypted = asn1_octets(&c);
	return known && cursor_at_end(&c) && cursor_at_end(&whole) &&
	       encrypted->length == MODULUS;
}

static enum ckr decrypt(EVP_PKEY *key, struct slice encrypted,
			uint8_t part[MASTER_KEY_MAX])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t plain[MODULUS];
	size_t length = sizeof(plain);
	enum ckr ckr = CKR_ENCRYPTED_DATA_INVALID;

	if (!ctx || EVP_PKEY_decrypt_init(ctx) <= 0 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) <= 0)
		ckr = CKR_FUNCTION_FAILED;
	else if (EVP_PKEY_decrypt(ctx, plain, &length, encrypted.at,
				  encrypted.length) > 0 &&
		 length == MASTER_KEY_MAX)
		ckr = CKR_OK;
	if (!ckr)
		memcpy(part, plain, MASTER_KEY_MAX);
	OPENSSL_cleanse(plain, sizeof(plain));
	EVP_PKEY_CTX_free(ctx);
	return ckr;
}

enum ckr ep11_importer_open(const struct domain *domain, struct slice recipient,
			    uint8_t part[MASTER_KEY_MAX])
{
	static const struct importer none;
	struct slice encrypted;
	enum ckr ckr = CKR_FUNCTION_FAILED;
	EVP_PKEY *key;

	if (!take_recipient(recipient, &encrypted))
		return CKR_ARGUMENTS_BAD;
	if (!memcmp(&domain->importer, &none, sizeof(none)))
		return CKR_FUNCTION_FAILED;
	key = key_of(&domain->importer);
	if (key)
		ckr = decrypt(key, encrypted, part);
	EVP_PKEY_free(key);
	return ckr;
}
