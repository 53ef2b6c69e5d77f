// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "card/domain.c"

static uint8_t part[MASTER_KEY_MAX];

static struct slice part_of(uint8_t byte, size_t length)
{
	memset(part, byte, sizeof(part));
	return (struct slice){ part, length };
}

static const struct master_key *key_of(const struct domain *domain,
				       enum master_key_register which)
{
	return &domain->keys[MASTER_KEY_AES][which];
}

static void states_are(const struct domain *domain, int new, int current,
		       int old)
{
	assert_int_equal(key_of(domain, MASTER_KEY_NEW)->state, new);
	assert_int_equal(key_of(domain, MASTER_KEY_CURRENT)->state, current);
	assert_int_equal(key_of(domain, MASTER_KEY_OLD)->state, old);
}

static void generate(struct domain *domain)
{
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		assert_int_equal(domain_generate(domain, kind), DOMAIN_OK);
}

static void delivered(void **state)
{
	struct domain a, b;

	(void)state;
	domain_init(&a, AP_APQN(5, 0x47));
	domain_init(&b, AP_APQN(255, 0x47));
	assert_int_equal(a.number, 0x47);
	assert_string_equal(a.serial, "9300000500000005");
	assert_string_equal(b.serial, "9300025500000255");
	states_are(&a, MASTER_KEY_EMPTY, MASTER_KEY_EMPTY, MASTER_KEY_EMPTY);
	assert_null(domain_current(&a, MASTER_KEY_AES));
}

static void generated(void **state)
{
	struct domain a, b;

	(void)state;
	domain_init(&a, AP_APQN(5, 4));
	domain_init(&b, AP_APQN(5, 4));
	generate(&a);
	generate(&b);
	states_are(&a, MASTER_KEY_EMPTY, MASTER_KEY_FULL, MASTER_KEY_EMPTY);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		assert_memory_not_equal(domain_current(&a, kind)->pattern,
					domain_current(&b, kind)->pattern,
					MASTER_KEY_PATTERN);
}

/* Keys of other kinds stay as they are. */
static void one_kind_at_a_time(void **state)
{
	struct domain d;

	(void)state;
	domain_init(&d, AP_APQN(5, 4));
	assert_int_equal(domain_generate(&d, MASTER_KEY_WK), DOMAIN_OK);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		assert_int_equal(domain_current(&d, kind) != NULL,
				 kind == MASTER_KEY_WK);
}

static void loaded_in_parts(void **state)
{
	static const uint8_t sum[32] = {
		[0 ... 31] = 0x11 ^ 0x22 ^ 0x44,
	};
	struct domain d;

	(void)state;
	domain_init(&d, 0);
	assert_int_equal(domain_load(&d, MASTER_KEY_AES, part_of(0x11, 32),
				     false), DOMAIN_OK);
	states_are(&d, MASTER_KEY_PARTIAL, MASTER_KEY_EMPTY, MASTER_KEY_EMPTY);
	assert_int_equal(domain_set(&d, MASTER_KEY_AES), DOMAIN_EMPTY);
	domain_load(&d, MASTER_KEY_AES, part_of(0x22, 32), false);
	assert_int_equal(domain_load(&d, MASTER_KEY_AES, part_of(0x44, 32),
				     true), DOMAIN_OK);
	states_are(&d, MASTER_KEY_FULL, MASTER_KEY_EMPTY, MASTER_KEY_EMPTY);
	assert_int_equal(domain_load(&d, MASTER_KEY_AES, part_of(0x88, 32),
				     true), DOMAIN_FULL);
	assert_memory_equal(key_of(&d, MASTER_KEY_NEW)->value, sum, 32);
}

static void lengths(void **state)
{
	struct domain d;

	(void)state;
	domain_init(&d, 0);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++) {
		size_t length = master_key_length(kind);

		assert_int_equal(domain_load(&d, kind, part_of(1, length - 1),
					     true), DOMAIN_LENGTH);
		assert_int_equal(domain_load(&d, kind, part_of(1, 0), true),
				 DOMAIN_LENGTH);
		assert_int_equal(domain_load(&d, kind, part_of(1, length),
					     true), DOMAIN_OK);
	}
	assert_int_equal(domain_load(&d, MASTER_KEY_ASYM, part_of(1, 32),
				     true), DOMAIN_LENGTH);
}

static void change(struct domain *domain, enum master_key_kind kind,
		   uint8_t byte)
{
	domain_load(domain, kind, part_of(byte, master_key_length(kind)), true);
	assert_int_equal(domain_set(domain, kind), DOMAIN_OK);
}

static void changed(void **state)
{
	struct domain d;
	uint8_t first[8];
	struct slice pattern = { first, sizeof(first) };

	(void)state;
	domain_init(&d, 0);
	change(&d, MASTER_KEY_AES, 1);
	states_are(&d, MASTER_KEY_EMPTY, MASTER_KEY_FULL, MASTER_KEY_EMPTY);
	memcpy(first, key_of(&d, MASTER_KEY_CURRENT)->pattern, sizeof(first));
	assert_ptr_equal(domain_find(&d, MASTER_KEY_AES, pattern),
			 key_of(&d, MASTER_KEY_CURRENT));
	change(&d, MASTER_KEY_AES, 2);
	states_are(&d, MASTER_KEY_EMPTY, MASTER_KEY_FULL, MASTER_KEY_FULL);
	assert_ptr_equal(domain_find(&d, MASTER_KEY_AES, pattern),
			 key_of(&d, MASTER_KEY_OLD));
	assert_null(domain_find(&d, MASTER_KEY_APKA, pattern));
	domain_clear(&d, MASTER_KEY_AES, MASTER_KEY_OLD);
	assert_null(domain_find(&d, MASTER_KEY_AES, pattern));
	states_are(&d, MASTER_KEY_EMPTY, MASTER_KEY_FULL, MASTER_KEY_EMPTY);
}

static void no_old_wrapping_key(void **state)
{
	struct domain d;

	(void)state;
	domain_init(&d, 0);
	change(&d, MASTER_KEY_WK, 1);
	change(&d, MASTER_KEY_WK, 2);
	assert_int_equal(d.keys[MASTER_KEY_WK][MASTER_KEY_OLD].state,
			 MASTER_KEY_EMPTY);
}

/*
 * The pattern of an empty register consists of zeros, by which nothing is
 * found.
 */
static void no_pattern_finds_no_key(void **state)
{
	static const uint8_t zeros[33];
	struct domain d;

	(void)state;
	domain_init(&d, 0);
	for (size_t length = 0; length <= sizeof(zeros); length++)
		assert_null(domain_find(&d, MASTER_KEY_AES,
					(struct slice){ zeros, length }));
	generate(&d);
	assert_null(domain_find(&d, MASTER_KEY_AES, (struct slice){ 0 }));
}

static void has_pattern(enum master_key_kind kind, uint8_t byte,
			const uint8_t expected[MASTER_KEY_PATTERN])
{
	struct domain d;

	domain_init(&d, 0);
	change(&d, kind, byte);
	assert_memory_equal(domain_current(&d, kind)->pattern, expected,
			    MASTER_KEY_PATTERN);
}

/* SHA-256 of 01 and 32 times 00, computed elsewhere. */
static void pattern(void **state)
{
	static const uint8_t expected[MASTER_KEY_PATTERN] = {
		0x1a, 0x7d, 0xfd, 0xea, 0xff, 0xee, 0xda, 0xc4,
		0x89, 0x28, 0x7e, 0x85, 0xbe, 0x5e, 0x9c, 0x04,
		0x9a, 0x2f, 0xf6, 0x47, 0x0f, 0x55, 0xcf, 0x30,
		0x26, 0x0f, 0x55, 0x39, 0x5a, 0xc1, 0xb1, 0x59,
	};

	(void)state;
	has_pattern(MASTER_KEY_AES, 0, expected);
}

/* MDC-4 of 24 times 01, as in mdc4_test. */
static void pattern_of_asym(void **state)
{
	static const uint8_t expected[MASTER_KEY_PATTERN] = {
		0x8a, 0x4e, 0x5c, 0xe1, 0x41, 0x95, 0xa0, 0xea,
		0x9e, 0x38, 0x0d, 0x1b, 0xe3, 0x0a, 0x2c, 0x07,
	};

	(void)state;
	has_pattern(MASTER_KEY_ASYM, 1, expected);
}

static void names(void **state)
{
	(void)state;
	assert_int_equal(master_key_kind("asym"), MASTER_KEY_ASYM);
	assert_int_equal(master_key_kind("aes"), MASTER_KEY_AES);
	assert_int_equal(master_key_kind("apka"), MASTER_KEY_APKA);
	assert_int_equal(master_key_kind("wk"), MASTER_KEY_WK);
	assert_int_equal(master_key_kind("AES"), MASTER_KEY_KINDS);
	assert_int_equal(master_key_kind(""), MASTER_KEY_KINDS);
}

static void wiped(void **state)
{
	static const struct domain nothing;
	struct domain d;

	(void)state;
	domain_init(&d, 0x1234);
	generate(&d);
	domain_wipe(&d);
	assert_memory_equal(&d, &nothing, sizeof(d));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(delivered),
		cmocka_unit_test(generated),
		cmocka_unit_test(one_kind_at_a_time),
		cmocka_unit_test(loaded_in_parts),
		cmocka_unit_test(lengths),
		cmocka_unit_test(changed),
		cmocka_unit_test(no_old_wrapping_key),
		cmocka_unit_test(no_pattern_finds_no_key),
		cmocka_unit_test(pattern),
		cmocka_unit_test(pattern_of_asym),
		cmocka_unit_test(names),
		cmocka_unit_test(wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
