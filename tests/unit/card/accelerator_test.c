// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "card/accelerator.c"
#include "bytes/cursor.h"
#include "card/rsa.h"
#include "card/type50.h"
#include "tests/unit/seed.h"
#include "tests/unit/seeded.h"

/* A request that is being made, and its reply. */
struct exchange {
	uint8_t request[3072];
	size_t length;
	uint8_t reply[TYPE80_MAX];
	size_t width;
};

static void begin(struct exchange *x, bool crt, size_t width)
{
	memset(x, 0, sizeof(*x));
	x->width = width;
	x->request[1] = 0x50;
	x->request[9] = (crt ? 0x10 : 0) +
			(width == 128 ? 1 : width == 256 ? 2 : 3);
	x->length = TYPE50_HEADER_SIZE;
}

static void add(struct exchange *x, const BIGNUM *number, size_t width)
{
	assert_true(BN_bn2binpad(number, x->request + x->length, width) >= 0);
	x->length += width;
}

static size_t perform(struct exchange *x)
{
	x->request[2] = x->length >> 8;
	x->request[3] = x->length;
	memset(x->reply, 0xee, sizeof(x->reply));
	seed_keep("type50", x->request, x->length);
	return accelerator.answer(NULL, x->request, x->length, x->reply);
}

static BIGNUM *result_of(struct exchange *x)
{
	size_t length = perform(x);

	assert_int_equal(x->reply[1], 0x80);
	assert_int_equal(length, TYPE80_HEADER_SIZE + x->width);
	return BN_bin2bn(x->reply + TYPE80_HEADER_SIZE, x->width, NULL);
}

static void fails_with(struct exchange *x, enum type50_error error)
{
	assert_int_equal(perform(x), 8);
	assert_int_equal(x->reply[1] << 8 | x->reply[4], error);
}

/*
 * Return a random number of exactly @bits bits, or of any length if @bits is 0.
 */
static BIGNUM *number(unsigned int bits)
{
	uint8_t bytes[512];
	BIGNUM *n;

	seeded_bytes(bytes, sizeof(bytes));
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	assert_non_null(n);
	BN_rshift(n, n, sizeof(bytes) * 8 - bits);
	if (bits)
		BN_set_bit(n, bits - 1);
	return n;
}

static BIGNUM *odd_number(unsigned int bits)
{
	BIGNUM *n = number(bits);

	BN_set_bit(n, 0);
	return n;
}

static BIGNUM *below(const BIGNUM *limit, BN_CTX *ctx)
{
	BIGNUM *n = number(4096);

	assert_true(BN_mod(n, n, limit, ctx));
	return n;
}

static size_t width_for(unsigned int bits)
{
	return bits <= 1024 ? 128 : bits <= 2048 ? 256 : 512;
}

static void exponentiate_once(unsigned int bits, unsigned int exponent_bits,
			      BN_CTX *ctx)
{
	BIGNUM *n = odd_number(bits);
	BIGNUM *d = number(exponent_bits);
	BIGNUM *c = below(n, ctx);
	BIGNUM *expected = BN_new();
	struct exchange x;
	BIGNUM *result;

	begin(&x, false, width_for(bits));
	add(&x, d, x.width);
	add(&x, n, x.width);
	add(&x, c, x.width);
	result = result_of(&x);
	assert_true(BN_mod_exp(expected, c, d, n, ctx));
	assert_int_equal(BN_cmp(result, expected), 0);
	BN_free(n);
	BN_free(d);
	BN_free(c);
	BN_free(expected);
	BN_free(result);
}

static void exponentiation_agrees_with_openssl(void **state)
{
	static const unsigned int sizes[] = {
		2, 3, 8, 57, 64, 512, 1000, 1023, 1024, 1025, 1536, 2047, 2048,
		2049, 3072, 4095, 4096,
	};
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		exponentiate_once(sizes[i], sizes[i], ctx);
		exponentiate_once(sizes[i], 0, ctx);
		exponentiate_once(sizes[i], 1 + seeded_below(sizes[i]), ctx);
	}
	BN_CTX_free(ctx);
}

struct key {
	BIGNUM *p, *q, *dp, *dq, *u;
};

static void key_free(struct key *key)
{
	BN_free(key->p);
	BN_free(key->q);
	BN_free(key->dp);
	BN_free(key->dq);
	BN_free(key->u);
}

/*
 * For the recombination, p and q need not be primes, but only have no common
 * divisor. So a key of any shape can be made quickly.
 */
static void key_new(struct key *key, unsigned int p_bits, unsigned int q_bits,
		    BN_CTX *ctx)
{
	do {
		*key = (struct key){
			.p = odd_number(p_bits),
			.q = odd_number(q_bits),
		};
		key->u = BN_mod_inverse(NULL, key->q, key->p, ctx);
		if (!key->u)
			key_free(key);
	} while (!key->u);
	key->dp = number(1 + seeded_below(p_bits));
	key->dq = number(1 + seeded_below(q_bits));
}

static void add_key(struct exchange *x, const struct key *key)
{
	add(x, key->p, x->width / 2);
	add(x, key->q, x->width / 2);
	add(x, key->dp, x->width / 2);
	add(x, key->dq, x->width / 2);
	add(x, key->u, x->width / 2);
}

static void agrees_modulo(const BIGNUM *result, const BIGNUM *c,
			  const BIGNUM *exponent, const BIGNUM *prime,
			  BN_CTX *ctx)
{
	BIGNUM *expected = BN_new(), *residue = BN_new();

	assert_true(BN_mod_exp(expected, c, exponent, prime, ctx));
	assert_true(BN_mod(residue, result, prime, ctx));
	assert_int_equal(BN_cmp(expected, residue), 0);
	BN_free(expected);
	BN_free(residue);
}

/* The result is the one number below p*q that has the right residues. */
static void crt_once(unsigned int p_bits, unsigned int q_bits, BN_CTX *ctx)
{
	unsigned int longer = p_bits > q_bits ? p_bits : q_bits;
	BIGNUM *n = BN_new(), *c, *result;
	struct exchange x;
	struct key key;

	key_new(&key, p_bits, q_bits, ctx);
	assert_true(BN_mul(n, key.p, key.q, ctx));
	c = below(n, ctx);
	begin(&x, true, width_for(longer * 2));
	add_key(&x, &key);
	add(&x, c, x.width);
	result = result_of(&x);
	assert_true(BN_cmp(result, n) < 0);
	agrees_modulo(result, c, key.dp, key.p, ctx);
	agrees_modulo(result, c, key.dq, key.q, ctx);
	key_free(&key);
	BN_free(n);
	BN_free(c);
	BN_free(result);
}

static void crt_takes_factors_of_any_length(void **state)
{
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	for (int i = 0; i < 60; i++)
		crt_once(2 + seeded_below(511), 2 + seeded_below(511), ctx);
	for (int i = 0; i < 12; i++)
		crt_once(2 + seeded_below(2047), 2 + seeded_below(2047), ctx);
	for (int i = 0; i < 4; i++) {
		crt_once(512, 512, ctx);
		crt_once(1024, 1024, ctx);
		crt_once(2048, 2048, ctx);
	}
	crt_once(1024, 2, ctx);
	crt_once(2, 1024, ctx);
	BN_CTX_free(ctx);
}

static BIGNUM *part(const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *n = NULL;

	assert_true(EVP_PKEY_get_bn_param(pkey, name, &n));
	return n;
}

static void an_rsa_key_decrypts(void **state)
{
	EVP_PKEY *pkey = EVP_RSA_gen(2048);
	struct key key = {
		part(pkey, "rsa-factor1"), part(pkey, "rsa-factor2"),
		part(pkey, "rsa-exponent1"), part(pkey, "rsa-exponent2"),
		part(pkey, "rsa-coefficient1"),
	};
	BIGNUM *n = part(pkey, "n"), *e = part(pkey, "e");
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *c = BN_new(), *result;
	BIGNUM *small = BN_new();
	struct exchange x;

	(void)state;
	BN_set_word(small, 0x1234567);
	assert_true(BN_mod_exp(c, small, e, n, ctx));
	begin(&x, true, 256);
	add_key(&x, &key);
	add(&x, c, 256);
	result = result_of(&x);
	assert_int_equal(BN_cmp(result, small), 0);
	key_free(&key);
	BN_free(n);
	BN_free(e);
	BN_free(c);
	BN_free(small);
	BN_free(result);
	BN_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

static void exponentiation_fails_with(unsigned long d, unsigned long n,
				      unsigned long c, enum type50_error error)
{
	const unsigned long words[] = { d, n, c };
	struct exchange x;

	begin(&x, false, 128);
	for (int i = 0; i < 3; i++) {
		BIGNUM *word = BN_new();

		BN_set_word(word, words[i]);
		add(&x, word, 128);
		BN_free(word);
	}
	fails_with(&x, error);
}

static void bad_operands_of_an_exponentiation(void **state)
{
	(void)state;
	exponentiation_fails_with(3, 0, 0, TYPE50_INVALID_KEY);
	exponentiation_fails_with(3, 1, 0, TYPE50_INVALID_KEY);
	exponentiation_fails_with(3, 34, 2, TYPE50_EVEN_MODULUS);
	exponentiation_fails_with(3, 35, 35, TYPE50_OPERAND);
	exponentiation_fails_with(3, 35, 36, TYPE50_OPERAND);
}

static void crt_fails_with(unsigned long p, unsigned long q, unsigned long c,
			   enum type50_error error)
{
	const unsigned long words[] = { p, q, 3, 3, 1, c };
	struct exchange x;

	begin(&x, true, 128);
	for (int i = 0; i < 6; i++) {
		BIGNUM *word = BN_new();

		BN_set_word(word, words[i]);
		add(&x, word, i < 5 ? 64 : 128);
		BN_free(word);
	}
	fails_with(&x, error);
}

static void bad_operands_of_a_crt_request(void **state)
{
	(void)state;
	crt_fails_with(0, 7, 2, TYPE50_INVALID_KEY);
	crt_fails_with(7, 0, 2, TYPE50_INVALID_KEY);
	crt_fails_with(1, 7, 2, TYPE50_INVALID_KEY);
	crt_fails_with(7, 1, 2, TYPE50_INVALID_KEY);
	crt_fails_with(8, 7, 2, TYPE50_EVEN_MODULUS);
	crt_fails_with(7, 8, 2, TYPE50_EVEN_MODULUS);
	crt_fails_with(7, 5, 35, TYPE50_OPERAND);
}

/* Meaningless operands give a meaningless result, of full width. */
static void hostile_operands_do_no_harm(void **state)
{
	struct exchange x;

	(void)state;
	for (int i = 0; i < 150; i++) {
		size_t width = i % 10 ? 128 : 256, half = width / 2;
		size_t length;

		begin(&x, true, width);
		seeded_bytes(x.request + TYPE50_HEADER_SIZE, half * 5);
		x.request[TYPE50_HEADER_SIZE + half - 1] |= 1;
		x.request[TYPE50_HEADER_SIZE + width - 1] |= 1;
		if (i % 3 == 0)
			memcpy(x.request + TYPE50_HEADER_SIZE + half,
			       x.request + TYPE50_HEADER_SIZE, half);
		x.length = TYPE50_HEADER_SIZE + half * 7;
		length = perform(&x);
		assert_int_equal(x.reply[1], 0x80);
		assert_int_equal(length, TYPE80_HEADER_SIZE + width);
	}
}

static void each_kind_has_a_counter(void **state)
{
	static const struct { size_t width; bool crt; int counter; } kinds[] = {
		{ 128, false, 0 }, { 256, false, 1 }, { 128, true, 2 },
		{ 256, true, 3 }, { 512, false, 4 }, { 512, true, 5 },
	};
	struct exchange x;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin(&x, kinds[i].crt, kinds[i].width);
		x.length += kinds[i].width * 3 + (kinds[i].crt ? kinds[i].width / 2 : 0);
		x.request[2] = x.length >> 8;
		x.request[3] = x.length;
		assert_int_equal(accelerator.counter(x.request, x.length),
				 kinds[i].counter);
		assert_int_equal(accelerator.counter(x.request, x.length - 1), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exponentiation_agrees_with_openssl),
		cmocka_unit_test(crt_takes_factors_of_any_length),
		cmocka_unit_test(an_rsa_key_decrypts),
		cmocka_unit_test(bad_operands_of_an_exponentiation),
		cmocka_unit_test(bad_operands_of_a_crt_request),
		cmocka_unit_test(hostile_operands_do_no_harm),
		cmocka_unit_test(each_kind_has_a_counter),
	};

	return cmocka_run_group_tests_name("accelerator", tests, NULL, NULL);
}
