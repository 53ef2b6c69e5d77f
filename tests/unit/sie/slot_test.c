// SPDX-License-Identifier: GPL-2.0-only
/* A limited number of slots. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/host/slot.c"

static void places(void **state)
{
	int first, second, third;

	(void)state;
	first = slot_take(scratch, "s", 2);
	second = slot_take(scratch, "s", 2);
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(slot_take(scratch, "s", 2), -1);
	assert_int_equal(errno, EBUSY);
	assert_true((third = slot_take(scratch, "t", 1)) >= 0);
	close(first);
	assert_true((first = slot_take(scratch, "s", 2)) >= 0);
	close(first);
	close(second);
	close(third);
}

static void no_such_directory(void **state)
{
	(void)state;
	assert_int_equal(slot_take("/nonexistent", "s", 2), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(no_such_directory),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
