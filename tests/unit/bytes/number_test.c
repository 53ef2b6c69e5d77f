// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bytes/number.c"

static void takes_a_number_from_a_text(void **state)
{
	static const struct {
		const char *text;
		int base;
		uint64_t max, number;
		const char *rest;
	} good[] = {
		{ "4+6", 0, 255, 4, "+6" },
		{ "0x47", 0, 255, 0x47, "" },
		{ "010,", 0, 255, 8, "," },
		{ "ff.", 16, 255, 255, "." },
		{ "18446744073709551615", 10, UINT64_MAX, UINT64_MAX, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *text = good[i].text;
		uint64_t number;

		assert_true(number_take(&text, good[i].base, good[i].max,
					&number));
		assert_int_equal(number, good[i].number);
		assert_string_equal(text, good[i].rest);
	}
}

static void leaves_what_is_not_a_number(void **state)
{
	static const char *const bad[] = {
		"", " 4", "+4", "-1", "x", "256", "18446744073709551616",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *text = bad[i];
		uint64_t number;

		assert_false(number_take(&text, 0, 255, &number));
		assert_ptr_equal(text, bad[i]);
	}
}

static void reads_queues(void **state)
{
	uint16_t apqn;

	(void)state;
	assert_true(apqn_parse("05.0004", &apqn));
	assert_int_equal(apqn, AP_APQN(5, 4));
	assert_true(apqn_parse("5.ab", &apqn));
	assert_int_equal(apqn, AP_APQN(5, 0xab));
	assert_false(apqn_parse("05", &apqn));
	assert_false(apqn_parse("05.", &apqn));
	assert_false(apqn_parse("05.0100", &apqn));
	assert_false(apqn_parse("100.0004", &apqn));
	assert_false(apqn_parse("05.0004 ", &apqn));
}

static void takes_a_range(void **state)
{
	static const char *const wrong[] = { "", "-4", "4-", "4-3", "256", "4-256", "x" };
	struct ap_mask mask = { 0 };
	const char *text = "254-0xff,7";

	(void)state;
	assert_true(range_take(&text, &mask));
	assert_string_equal(text, ",7");
	text = "0+";
	assert_true(range_take(&text, &mask));
	assert_string_equal(text, "+");
	for (unsigned int i = 0; i < AP_DOMAINS; i++)
		assert_int_equal(ap_mask_test(&mask, i), i == 0 || i >= 254);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		text = wrong[i];
		assert_false(range_take(&text, &mask));
	}
}

static void reads_decimal_numbers(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(decimal_parse("08", &number));
	assert_int_equal(number, 8);
	assert_false(decimal_parse("0x8", &number));
	assert_false(decimal_parse("8 ", &number));
	assert_false(decimal_parse("", &number));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_number_from_a_text),
		cmocka_unit_test(leaves_what_is_not_a_number),
		cmocka_unit_test(reads_queues),
		cmocka_unit_test(takes_a_range),
		cmocka_unit_test(reads_decimal_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
