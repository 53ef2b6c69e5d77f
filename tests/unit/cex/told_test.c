// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "cex/told.c"

static struct told told;

static int set_up(void **state)
{
	(void)state;
	told = (struct told){ 0 };
	return 0;
}

static void each_name_is_told_once(void **state)
{
	(void)state;
	assert_true(told_add(&told, "KX"));
	assert_false(told_add(&told, "KX"));
	assert_true(told_add(&told, "KX 'WRAP    '"));
	assert_false(told_add(&told, "KX"));
	assert_int_equal(told.count, 2);
}

static void no_more_than_the_limit_are_told(void **state)
{
	char name[VERB_NAME_MAX];

	(void)state;
	for (unsigned int i = 0; i < 2 * TOLD_MAX; i++) {
		snprintf(name, sizeof(name), "function %u", i);
		assert_int_equal(told_add(&told, name), i < TOLD_MAX);
	}
	assert_int_equal(told.count, TOLD_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_name_is_told_once, set_up),
		cmocka_unit_test_setup(no_more_than_the_limit_are_told, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
