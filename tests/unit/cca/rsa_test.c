// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "message.h"

#include "cca/rsa.c"

static struct domain domain;
static struct message m;
static struct answer a;

/* A number that is right-aligned in a field. */
struct number {
	uint8_t bytes[MODULUS_MAX + 1];
	size_t width;
};

static struct number number_of(const BIGNUM *value, size_t width)
{
	struct number n = { .width = width };

	assert_int_equal(BN_bn2binpad(value, n.bytes, width), width);
	return n;
}

struct key {
	BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *u;
};

static struct key key_generate(unsigned int bits)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
		OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	struct key key = { 0 };
	BIGNUM **part[] = {
		&key.n, &key.e, &key.d, &key.p, &key.q, &key.dp, &key.dq,
		&key.u,
	};
	EVP_PKEY *pkey = EVP_RSA_gen(bits);

	assert_non_null(pkey);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(EVP_PKEY_get_bn_param(pkey, names[i], part[i]));
	EVP_PKEY_free(pkey);
	return key;
}

static EVP_PKEY *known_group(char *name)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name,
				       strlen(name)),
		OSSL_PARAM_END,
	};
	EVP_PKEY *group = NULL;

	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &group,
					   OSSL_KEYMGMT_SELECT_ALL_PARAMETERS,
					   params), 1);
	EVP_PKEY_CTX_free(ctx);
	return group;
}

static BIGNUM *number_mod(const BIGNUM *value, const BIGNUM *modulus,
			  BN_CTX *ctx)
{
	BIGNUM *rest = BN_new();

	assert_true(BN_mod(rest, value, modulus, ctx));
	return rest;
}

/* The search for primes of 2048 bits takes long, so two known ones are used. */
static struct key key_of_known_primes(void)
{
	struct key key = { .n = BN_new(), .e = BN_new() };
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p1 = BN_new(), *q1 = BN_new(), *phi = BN_new();
	EVP_PKEY *group = known_group("ffdhe2048");

	assert_true(EVP_PKEY_get_bn_param(group, OSSL_PKEY_PARAM_FFC_P,
					  &key.p));
	EVP_PKEY_free(group);
	key.q = BN_get_rfc3526_prime_2048(NULL);
	assert_true(BN_set_word(key.e, RSA_F4));
	assert_true(BN_mul(key.n, key.p, key.q, ctx));
	assert_true(BN_sub(p1, key.p, BN_value_one()));
	assert_true(BN_sub(q1, key.q, BN_value_one()));
	assert_true(BN_mul(phi, p1, q1, ctx));
	key.d = BN_mod_inverse(NULL, key.e, phi, ctx);
	key.dp = number_mod(key.d, p1, ctx);
	key.dq = number_mod(key.d, q1, ctx);
	key.u = BN_mod_inverse(NULL, key.q, key.p, ctx);
	BN_free(p1);
	BN_free(q1);
	BN_free(phi);
	BN_CTX_free(ctx);
	return key;
}

static void key_free(struct key *key)
{
	BIGNUM *const part[] = {
		key->n, key->e, key->d, key->p, key->q, key->dp, key->dq,
		key->u,
	};

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		BN_free(part[i]);
}

static void put_message(const struct number *message)
{
	block_open(&m);
	build_bytes(&m.b, message->bytes, message->width);
	block_close(&m);
}

/* Make the request of zcrypt_type6_mex_key_en(). */
static void make_mex(const struct number *message, const struct number *e,
		     const struct number *n)
{
	message_open(&m, "PK", "MRP     ");
	put_message(message);
	token_open(&m, 0x0400, 12 + e->width + n->width, 0);
	build_zeros(&m.b, 2);
	build_u16(&m.b, e->width);
	build_u16(&m.b, 8 * n->width);
	build_u16(&m.b, n->width);
	build_bytes(&m.b, e->bytes, e->width);
	build_bytes(&m.b, n->bytes, n->width);
	block_close(&m);
	message_close(&m);
}

static void put(const BIGNUM *value, size_t width)
{
	struct number n = number_of(value, width);

	build_bytes(&m.b, n.bytes, width);
}

/* Make a token whose fields for p, q, dp, dq and u have these widths. */
static void make_crt_of(const struct number *message, const struct key *key,
			const size_t widths[5])
{
	const BIGNUM *const values[] = {
		key->p, key->q, key->dp, key->dq, key->u,
	};
	size_t sum = 0, padding, parts;

	for (int i = 0; i < 5; i++)
		sum += widths[i];
	padding = -sum & 7;
	parts = sum + padding + message->width;
	message_open(&m, "PD", "ZERO-PAD");
	put_message(message);
	token_open(&m, 0x0800, 132 + parts, 15);
	build_zeros(&m.b, 24);
	build_u8(&m.b, 0x40);
	build_zeros(&m.b, 21);
	build_u32(&m.b, 0x80000000);
	for (int i = 0; i < 5; i++)
		build_u16(&m.b, widths[i]);
	build_u16(&m.b, message->width);
	build_zeros(&m.b, 4);
	build_u16(&m.b, padding);
	build_zeros(&m.b, 60);
	for (int i = 0; i < 5; i++)
		put(values[i], widths[i]);
	build_zeros(&m.b, padding);
	memset(build_space(&m.b, message->width), 0xff, message->width);
	build_bytes(&m.b, "\4\0\0\x0f\0\0\0\3\0\0\0\0\1\0\1", 15);
	block_close(&m);
	message_close(&m);
}

/* Make the request of zcrypt_type6_crt_key(). */
static void make_crt(const struct number *message, const struct key *key)
{
	size_t small = (message->width + 1) / 2, large = small + 8;

	make_crt_of(message, key,
		    (const size_t[]){ large, small, large, small, large });
}

/*
 * The result is as wide as the modulus, and zcrypt accepts the length of the
 * reply.
 */
static void result_is(const BIGNUM *expected, size_t width)
{
	struct number n = number_of(expected, width);

	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(a.user.length, width);
	assert_memory_equal(a.user.at, n.bytes, width);
	assert_int_equal(a.length, 274 + width + 2);
}

static void roundtrip(struct key key)
{
	size_t width = BN_num_bytes(key.n);
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *plain = BN_new(), *secret = BN_new();
	struct number n = number_of(key.n, width);
	struct number e = number_of(key.e, width);
	struct number d = number_of(key.d, width);
	struct number x;

	assert_true(BN_rand_range(plain, key.n));
	assert_true(BN_mod_exp(secret, plain, key.e, key.n, ctx));

	x = number_of(plain, width);
	make_mex(&x, &e, &n);
	ask(&domain, &m, &a);
	result_is(secret, width);

	x = number_of(secret, width);
	make_mex(&x, &d, &n);
	ask(&domain, &m, &a);
	result_is(plain, width);

	make_crt(&x, &key);
	ask(&domain, &m, &a);
	result_is(plain, width);

	BN_free(plain);
	BN_free(secret);
	BN_CTX_free(ctx);
	key_free(&key);
}

static void rsa_512(void **state)
{
	(void)state;
	roundtrip(key_generate(512));
}

static void rsa_1024(void **state)
{
	(void)state;
	roundtrip(key_generate(1024));
}

static void rsa_2048(void **state)
{
	(void)state;
	roundtrip(key_generate(2048));
}

static void rsa_4096(void **state)
{
	(void)state;
	roundtrip(key_of_known_primes());
}

/*
 * 1 to any power is 1, so the result consists of zeros but for its last byte.
 */
static void leading_zeros(void **state)
{
	struct key key = key_generate(1024);
	struct number one = number_of(BN_value_one(), 128);
	struct number e = number_of(key.e, 128);
	struct number n = number_of(key.n, 128);

	(void)state;
	make_mex(&one, &e, &n);
	ask(&domain, &m, &a);
	result_is(BN_value_one(), 128);
	make_crt(&one, &key);
	ask(&domain, &m, &a);
	result_is(BN_value_one(), 128);
	key_free(&key);
}

static void error_is(uint32_t codes)
{
	assert_int_equal(ask(&domain, &m, &a), codes);
	assert_int_equal(a.user.length, 0);
	assert_int_equal(a.length, 274 + 2);
}

/*
 * A field may have half the length of the largest modulus and 8 bytes more,
 * however short the number in it is. The result is computed in a buffer of that
 * size.
 */
static void wide_fields(void **state)
{
	struct key key = key_generate(1024);
	struct number one = number_of(BN_value_one(), 128);
	size_t widths[5] = { 264, 264, 264, 264, 264 };

	(void)state;
	make_crt_of(&one, &key, widths);
	ask(&domain, &m, &a);
	result_is(BN_value_one(), 128);
	for (int i = 0; i < 5; i++) {
		for (size_t width = 265; width <= 288; width += 23) {
			widths[i] = width;
			make_crt_of(&one, &key, widths);
			error_is(CCA_KEY);
		}
		widths[i] = 264;
	}
	for (int i = 0; i < 5; i++)
		widths[i] = 288;
	make_crt_of(&one, &key, widths);
	error_is(CCA_KEY);
	key_free(&key);
}

/* A modulus has 4096 bits at most, and so has an exponent; a shorter one may have zeros before it. */
static void longest_numbers(void **state)
{
	struct key key = key_of_known_primes();
	struct number n = number_of(key.n, 512), e = number_of(key.e, 512);
	struct number two = { .width = 512 }, message;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *result = BN_new();

	(void)state;
	two.bytes[511] = 2;
	assert_true(BN_set_word(result, 2));
	assert_true(BN_mod_exp(result, result, key.e, key.n, ctx));
	make_mex(&two, &e, &n);
	ask(&domain, &m, &a);
	result_is(result, 512);
	e = number_of(key.e, 513);
	make_mex(&two, &e, &n);
	error_is(CCA_KEY_LENGTH);
	e = number_of(key.e, 3);
	n = number_of(key.n, 513);
	message = two;
	message.width = 513;
	make_mex(&message, &e, &n);
	error_is(CCA_KEY_LENGTH);
	make_crt_of(&message, &key, (const size_t[]){ 264, 264, 264, 264, 264 });
	error_is(CCA_KEY_LENGTH);
	BN_free(result);
	BN_CTX_free(ctx);
	key_free(&key);
}

/* Primes may be far shorter than half of the modulus that the token tells; the result is at its right. */
static void short_primes(void **state)
{
	struct key key = key_generate(512);
	struct number message = { .width = 64 };
	BIGNUM *result = BN_new();

	(void)state;
	/* 5^7 mod 11 = 3 and 5^7 mod 13 = 8: 47 */
	assert_true(BN_set_word(key.p, 11) && BN_set_word(key.q, 13) && BN_set_word(key.dp, 7) &&
		    BN_set_word(key.dq, 7) && BN_set_word(key.u, 6) && BN_set_word(result, 47));
	message.bytes[63] = 5;
	make_crt_of(&message, &key, (const size_t[]){ 1, 1, 1, 1, 1 });
	ask(&domain, &m, &a);
	result_is(result, 64);
	message.bytes[63] = 143;
	make_crt_of(&message, &key, (const size_t[]){ 1, 1, 1, 1, 1 });
	error_is(CCA_OPERAND);
	BN_free(result);
	key_free(&key);
}

static void bad_numbers(void **state)
{
	struct key key = key_generate(512);
	struct number e = number_of(key.e, 64), n = number_of(key.n, 64);
	struct number one = number_of(BN_value_one(), 64), bad = n;

	(void)state;
	bad.bytes[63] ^= 1;
	make_mex(&one, &e, &bad);
	error_is(CCA_KEY);
	memset(bad.bytes, 0, sizeof(bad.bytes));
	make_mex(&one, &e, &bad);
	error_is(CCA_KEY);
	bad.bytes[63] = 1;
	make_mex(&one, &e, &bad);
	error_is(CCA_KEY);
	make_mex(&n, &e, &n);
	error_is(CCA_OPERAND);
	make_crt(&n, &key);
	error_is(CCA_OPERAND);
	bad = one;
	bad.width = 63;
	make_mex(&bad, &e, &n);
	error_is(CCA_SIZE);
	bad.width = 0;
	make_mex(&bad, &e, &bad);
	error_is(CCA_KEY_LENGTH);
	BN_add(key.p, key.p, BN_value_one());
	make_crt(&one, &key);
	error_is(CCA_KEY);
	BN_zero(key.q);
	make_crt(&one, &key);
	error_is(CCA_KEY);
	key_free(&key);
}

/*
 * The field of p is longer than half a modulus, so the product may be too long.
 */
static void product_too_long(void **state)
{
	struct key key = key_generate(512);
	BIGNUM *x = BN_new();
	struct number message;

	(void)state;
	BN_lshift(key.p, key.p, 64);
	BN_add(key.p, key.p, BN_value_one());
	BN_set_word(key.dp, 1);
	BN_set_word(key.dq, 1);
	BN_one(x);
	BN_lshift(x, x, 511);
	message = number_of(x, 64);
	BN_set_word(key.u, 3);
	make_crt(&message, &key);
	error_is(CCA_KEY_LENGTH);
	BN_free(x);
	key_free(&key);
}

/* Nothing that a guest sends may cause zcrypt to take the queue offline. */
static void judge(const struct answer *answer, size_t at)
{
	harmless(answer, at);
	if (at >= AT_PARAMETERS + 2 && at < AT_PARAMETERS + 12)
		return;		/* the rules are zcrypt's own */
	if (!answer->error)
		assert_true(answer->codes == CCA_OK ||
			    answer->codes == CCA_KEY ||
			    answer->codes == CCA_OPERAND ||
			    answer->codes == CCA_SIZE ||
			    answer->codes == CCA_KEY_LENGTH);
}

static void tormented(void **state)
{
	struct key key = key_generate(512);
	struct number e = number_of(key.e, 64), n = number_of(key.n, 64);
	struct number message = number_of(key.d, 64);

	(void)state;
	make_mex(&message, &e, &n);
	torment(&domain, &m, judge);
	make_crt(&message, &key);
	torment(&domain, &m, judge);
	key_free(&key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsa_512),
		cmocka_unit_test(rsa_1024),
		cmocka_unit_test(rsa_2048),
		cmocka_unit_test(rsa_4096),
		cmocka_unit_test(leading_zeros),
		cmocka_unit_test(wide_fields),
		cmocka_unit_test(longest_numbers),
		cmocka_unit_test(short_primes),
		cmocka_unit_test(bad_numbers),
		cmocka_unit_test(product_too_long),
		cmocka_unit_test(tormented),
	};

	domain_make(&domain);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
