// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/allowance.c"

#define RATE	1000
#define MOST	5000

static struct allowance allowance;

static int setup(void **state)
{
	(void)state;
	allowance = allowance_of(RATE, MOST);
	assert_int_equal(allowance_wait(&allowance, 7 * SECOND), 0);
	return 0;
}

static void what_is_left_may_be_taken_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < MOST / 100; i++) {
		assert_int_equal(allowance_wait(&allowance, 7 * SECOND), 0);
		allowance_take(&allowance, 100);
	}
	assert_int_equal(allowance_wait(&allowance, 7 * SECOND), 0);
	allowance_take(&allowance, 1);
	assert_int_equal(allowance_wait(&allowance, 7 * SECOND),
			 SECOND / RATE + 1);
}

/*
 * Something larger than the whole allowance may be written, and is waited for
 * afterwards.
 */
static void more_than_all_is_waited_for(void **state)
{
	uint64_t wait;

	(void)state;
	allowance_take(&allowance, MOST + 20 * RATE);
	wait = allowance_wait(&allowance, 8 * SECOND);
	assert_in_range(wait, 19 * SECOND, 19 * SECOND + 1);
	assert_in_range(allowance_wait(&allowance, 18 * SECOND), 9 * SECOND,
			9 * SECOND + 1);
	assert_int_equal(allowance_wait(&allowance, 8 * SECOND + wait), 0);
}

/* A writer that always takes all that it may gets the rate, and no more. */
static void the_rate_is_kept(void **state)
{
	uint64_t now = 7 * SECOND, taken = 0;

	(void)state;
	while (now < 1007 * SECOND) {
		uint64_t wait = allowance_wait(&allowance, now);

		if (!wait) {
			allowance_take(&allowance, 370);
			taken += 370;
		}
		now += wait;
	}
	assert_in_range(taken, MOST + 1000 * RATE - 370,
			MOST + 1000 * RATE + 370);
}

static void no_more_is_saved_up(void **state)
{
	(void)state;
	allowance_take(&allowance, 1);
	assert_int_equal(allowance_wait(&allowance, UINT64_MAX), 0);
	assert_int_equal(allowance.left, MOST);
}

#define POINT(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(what_is_left_may_be_taken_at_once),
		POINT(more_than_all_is_waited_for),
		POINT(the_rate_is_kept),
		POINT(no_more_is_saved_up),
	};

	return cmocka_run_group_tests_name("allowance", tests, NULL, NULL);
}
