// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include "cca/curve.c"
#include "cca/ec.c"

#define CURVES (sizeof(curves) / sizeof(curves[0]))

static struct domain domain;
static struct message m;
static struct answer a;

/* Lay a token as libica makes it, with those keys that are not empty. */
static void put_token(const struct curve *curve, struct slice private,
		      struct slice public, bool with_private)
{
	size_t section = 76 + 16 + private.length;
	size_t public_section = 14 + public.length;
	size_t token = 8 + (with_private ? section : 0) + public_section;

	build_u16(&m.b, 4 + token);
	build_u16(&m.b, 0x20);
	build_u16(&m.b, 0x1e00);
	build_u16(&m.b, token);
	build_zeros(&m.b, 4);
	if (with_private) {
		build_u16(&m.b, 0x2000);
		build_u16(&m.b, section);
		build_zeros(&m.b, 4);
		build_u8(&m.b, 0x80);
		build_u8(&m.b, curve->type);
		build_u16(&m.b, 0x4000);
		build_u16(&m.b, curve->bits);
		build_u16(&m.b, 16);
		build_zeros(&m.b, 56);
		build_u16(&m.b, 16);
		build_u16(&m.b, private.length);
		build_u32(&m.b, 16);
		build_zeros(&m.b, 12);
		build_slice(&m.b, private);
	}
	build_u16(&m.b, 0x2100);
	build_u16(&m.b, public_section);
	build_zeros(&m.b, 4);
	build_u8(&m.b, curve->type);
	build_u8(&m.b, 0);
	build_u16(&m.b, curve->bits);
	build_u16(&m.b, public.length);
	build_slice(&m.b, public);
}

struct pair {
	const struct curve *curve;
	uint8_t private[CURVE_PRIME_MAX];
	uint8_t public[CURVE_POINT_MAX];
};

static struct slice private_of(const struct pair *pair)
{
	return (struct slice){ pair->private, curve_width(pair->curve) };
}

static struct slice public_of(const struct pair *pair)
{
	return (struct slice){ pair->public, curve_point(pair->curve) };
}

static void make_generate(const struct curve *curve)
{
	message_open(&m, "PG", "CLEAR   ");
	block_empty(&m);
	block_open(&m);
	put_token(curve, (struct slice){ 0 }, (struct slice){ 0 }, true);
	build_bytes(&m.b, "\0\5\0\x10", 5);
	block_close(&m);
	message_close(&m);
}

/* Take a pair from the reply, at the offsets where libica reads it. */
static struct pair pair_generate(const struct curve *curve)
{
	struct pair pair = { .curve = curve };
	size_t width = curve_width(curve);
	const uint8_t *section;

	make_generate(curve);
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_int_equal(a.keys.length,
			 12 + 76 + 16 + width + 14 + 1 + 2 * width);
	section = a.keys.at + 12;
	assert_int_equal(section[74] << 8 | section[75], width);
	memcpy(pair.private, section + 76 + 16, width);
	section += section[2] << 8 | section[3];
	assert_int_equal(section[0], 0x21);
	assert_int_equal(section[14], 4);
	memcpy(pair.public, section + 14, 1 + 2 * width);
	return pair;
}

static EVP_PKEY *openssl_private(const struct pair *pair)
{
	struct ec_token token = {
		.curve = pair->curve,
		.private = private_of(pair),
		.public = public_of(pair),
	};
	EVP_PKEY *key = ec_key_private(&token);

	assert_non_null(key);
	return key;
}

/* The private and the public key belong together, according to OpenSSL. */
static void generates(void **state)
{
	(void)state;
	for (size_t i = 0; i < CURVES; i++) {
		struct pair pair = pair_generate(&curves[i]);
		size_t width = curve_width(&curves[i]);
		EC_GROUP *group = EC_GROUP_new_by_curve_name(
			OBJ_txt2nid(curves[i].name));
		EC_POINT *point = EC_POINT_new(group);
		BIGNUM *d = BN_bin2bn(pair.private, width, NULL);
		uint8_t public[CURVE_POINT_MAX];

		assert_int_equal(EC_GROUP_get_degree(group), curves[i].bits);
		assert_true(EC_POINT_mul(group, point, d, NULL, NULL, NULL));
		assert_int_equal(EC_POINT_point2oct(group, point,
						    POINT_CONVERSION_UNCOMPRESSED,
						    public, sizeof(public),
						    NULL), 1 + 2 * width);
		assert_memory_equal(pair.public, public, 1 + 2 * width);
		BN_free(d);
		EC_POINT_free(point);
		EC_GROUP_free(group);
	}
}

static void make_sign(const struct pair *pair, struct slice hash)
{
	message_open(&m, "SG", "ECDSA   ");
	block_open(&m);
	build_u16(&m.b, 2 + hash.length);
	build_slice(&m.b, hash);
	block_close(&m);
	block_open(&m);
	put_token(pair->curve, private_of(pair), public_of(pair), true);
	block_close(&m);
	message_close(&m);
}

static void make_verify(const struct pair *pair, struct slice hash,
			struct slice signature)
{
	message_open(&m, "SV", "ECDSA   ");
	block_open(&m);
	build_u16(&m.b, 2 + hash.length);
	build_slice(&m.b, hash);
	build_u16(&m.b, 2 + signature.length);
	build_slice(&m.b, signature);
	block_close(&m);
	block_open(&m);
	put_token(pair->curve, (struct slice){ 0 }, public_of(pair), false);
	block_close(&m);
	message_close(&m);
}

static uint8_t hash_bytes[64] = { 0xff, 1, 2, 3 };

/* OpenSSL and the coprocessor verify what the coprocessor signs. */
static void signs_and_verifies(void **state)
{
	static const size_t lengths[] = { 20, 28, 32, 48, 64 };

	(void)state;
	for (size_t i = 0; i < CURVES; i++) {
		struct pair pair = pair_generate(&curves[i]);
		struct slice hash = { hash_bytes, lengths[i % 5] };
		size_t width = curve_width(&curves[i]);
		uint8_t copy[2 * CURVE_PRIME_MAX];
		struct slice signature = { copy, 2 * width };
		struct ec_token token = {
			.curve = pair.curve,
			.public = public_of(&pair),
		};
		EVP_PKEY *key = ec_key_public(&token);

		make_sign(&pair, hash);
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(a.user.length, 6 + 2 * width);
		memcpy(copy, a.user.at + 6, 2 * width);
		assert_true(ec_key_verify(key, hash, signature));
		EVP_PKEY_free(key);

		make_verify(&pair, hash, signature);
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		copy[2 * width - 1] ^= 1;
		make_verify(&pair, hash, signature);
		assert_int_equal(ask(&domain, &m, &a), CCA_SIGNATURE);
		memset(copy, 0, sizeof(copy));
		make_verify(&pair, hash, signature);
		assert_int_equal(ask(&domain, &m, &a), CCA_SIGNATURE);
	}
}

static void make_agree(const struct pair *mine, const struct pair *peer)
{
	message_open(&m, "DH", "PASSTHRU");
	block_open(&m);
	build_bytes(&m.b, "\0\4\0\x91\0\6\0\x93\0\0\0\4\0\x90\0\4\0\x92", 18);
	block_close(&m);
	block_open(&m);
	for (int i = 0; i < 2; i++) {
		put_token(mine->curve, private_of(mine), public_of(peer), true);
		build_u16(&m.b, 68);
		build_zeros(&m.b, 66);
	}
	for (int i = 0; i < 2; i++) {
		build_u16(&m.b, 68);
		build_zeros(&m.b, 66);
	}
	block_close(&m);
	message_close(&m);
}

/* Return the secret, where libica reads it: behind 14 bytes of user data. */
static struct slice secret_of_reply(size_t width)
{
	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(a.rules.length, 0);
	assert_int_equal(a.user.length, 12);
	assert_int_equal(a.keys.length, 4 + width);
	return (struct slice){ a.keys.at + 4, width };
}

static void agrees(void **state)
{
	(void)state;
	for (size_t i = 0; i < CURVES; i++) {
		struct pair one = pair_generate(&curves[i]);
		struct pair two = pair_generate(&curves[i]);
		size_t width = curve_width(&curves[i]);
		uint8_t secret[CURVE_PRIME_MAX];
		struct ec_token token = {
			.curve = one.curve,
			.public = public_of(&one),
		};
		EVP_PKEY *public = ec_key_public(&token);
		EVP_PKEY *private = openssl_private(&two);

		assert_true(ec_key_derive(private, public, secret, width));
		make_agree(&one, &two);
		ask(&domain, &m, &a);
		assert_memory_equal(secret_of_reply(width).at, secret, width);
		make_agree(&two, &one);
		ask(&domain, &m, &a);
		assert_memory_equal(secret_of_reply(width).at, secret, width);
		EVP_PKEY_free(public);
		EVP_PKEY_free(private);
	}
}

static void bad_keys(void **state)
{
	struct slice hash = { hash_bytes, 32 };
	struct pair good = pair_generate(&curves[2]), bad = good;

	(void)state;
	bad.public[64] ^= 1;
	make_agree(&good, &bad);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY);
	make_verify(&bad, hash, (struct slice){ good.public, 64 });
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY);
	bad = good;
	memset(bad.private, 0, 32);
	make_sign(&bad, hash);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY);
	make_agree(&bad, &good);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY);
	memset(bad.private, 0xff, 32);
	make_sign(&bad, hash);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY);
}

static void bad_sizes(void **state)
{
	struct pair pair = pair_generate(&curves[2]);

	(void)state;
	make_sign(&pair, (struct slice){ hash_bytes, 31 });
	assert_int_equal(ask(&domain, &m, &a), CCA_SIZE);
	make_sign(&pair, (struct slice){ hash_bytes, 0 });
	assert_int_equal(ask(&domain, &m, &a), CCA_SIZE);
	make_verify(&pair, (struct slice){ hash_bytes, 32 },
		    (struct slice){ pair.public, 63 });
	assert_int_equal(ask(&domain, &m, &a), CCA_SIZE);
}

/* Use a curve that does not exist, and keys of the length of another curve. */
static void bad_curves(void **state)
{
	struct curve odd = { 0, 255, "" };
	struct pair pair = pair_generate(&curves[2]);

	(void)state;
	make_generate(&odd);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	message_open(&m, "SG", "ECDSA   ");
	block_open(&m);
	build_u16(&m.b, 34);
	build_zeros(&m.b, 32);
	block_close(&m);
	block_open(&m);
	put_token(&curves[3], private_of(&pair), public_of(&pair), true);
	block_close(&m);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
}

static void tormented(void **state)
{
	struct pair pair = pair_generate(&curves[0]);
	struct slice hash = { hash_bytes, 20 };
	uint8_t signature[48];

	(void)state;
	make_generate(&curves[0]);
	torment(&domain, &m, harmless);
	make_sign(&pair, hash);
	ask(&domain, &m, &a);
	memcpy(signature, a.user.at + 6, sizeof(signature));
	torment(&domain, &m, harmless);
	make_verify(&pair, hash, (struct slice){ signature, 48 });
	torment(&domain, &m, harmless);
	make_agree(&pair, &pair);
	torment(&domain, &m, harmless);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(generates),
		cmocka_unit_test(signs_and_verifies),
		cmocka_unit_test(agrees),
		cmocka_unit_test(bad_keys),
		cmocka_unit_test(bad_sizes),
		cmocka_unit_test(bad_curves),
		cmocka_unit_test(tormented),
	};

	domain_make(&domain);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
