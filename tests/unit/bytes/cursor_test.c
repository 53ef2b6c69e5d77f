// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bytes/cursor.c"

static const uint8_t bytes[] = { 0x12, 0x34, 0x56, 0, 0, 0x78 };

static void numbers_are_big_endian(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u16(&c), 0x1234);
	assert_int_equal(cursor_u8(&c), 0x56);
	assert_true(cursor_take_zeros(&c, 2));
	assert_false(cursor_at_end(&c));
	assert_int_equal(cursor_u8(&c), 0x78);
	assert_true(cursor_at_end(&c));
}

static void a_cursor_without_bytes_stays_broken(void **state)
{
	struct cursor c = cursor_of(bytes, 1);

	(void)state;
	assert_int_equal(cursor_u16(&c), 0);
	assert_true(cursor_is_broken(&c));
	assert_int_equal(cursor_u8(&c), 0);
	assert_null(cursor_take(&c, 0).at);
	assert_false(cursor_at_end(&c));
}

static void zeros_must_be_there(void **state)
{
	struct cursor c = cursor_of(bytes + 3, 2);

	(void)state;
	assert_false(cursor_take_zeros(&c, 3));
	c = cursor_of(bytes, sizeof(bytes));
	assert_false(cursor_take_zeros(&c, 3));
	assert_false(cursor_is_broken(&c));
}

static void a_huge_length_does_not_wrap(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	cursor_u8(&c);
	assert_int_equal(cursor_take(&c, SIZE_MAX).length, 0);
	assert_true(cursor_is_broken(&c));
}

static void an_unfulfilled_expectation_breaks_it(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	cursor_u8(&c);
	cursor_expect(&c, true);
	assert_false(cursor_is_broken(&c));
	assert_int_equal(cursor_left(&c), sizeof(bytes) - 1);
	assert_ptr_equal(cursor_rest(&c).at, bytes + 1);
	cursor_expect(&c, false);
	assert_true(cursor_is_broken(&c));
	assert_int_equal(cursor_left(&c), 0);
	cursor_expect(&c, true);
	assert_true(cursor_is_broken(&c));
	assert_int_equal(cursor_u8(&c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(a_cursor_without_bytes_stays_broken),
		cmocka_unit_test(zeros_must_be_there),
		cmocka_unit_test(a_huge_length_does_not_wrap),
		cmocka_unit_test(an_unfulfilled_expectation_breaks_it),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
