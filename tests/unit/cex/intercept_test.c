// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cex/intercept.c"

#define QUEUE	0x0504
#define STATUS	(AP_STATUS_IRQ_ENABLED | AP_STATUS_QUEUE_EMPTY)

static const struct ap_intercept enable = { { 0x03000504, AP_AQIC_ENABLE | 6, 0x1000 } };
static const struct ap_intercept disable = { { 0x03000504, 0, 0 } };

static struct intercept intercept;
static struct ap_intercept fetched;
static uint32_t status;
static uint64_t now;
static bool is_new;

static int start(void **state)
{
	(void)state;
	intercept = (struct intercept){ 0 };
	now = 1;
	return 0;
}

static bool ask(const struct ap_intercept *registers)
{
	int error;

	status = ~0u;
	error = intercept_ask(&intercept, now, registers, &status, &is_new);
	assert_true(!error || error == -EAGAIN);
	return !error;
}

static void is_answered_by_the_lpar(void **state)
{
	(void)state;
	assert_false(ask(&enable));
	assert_true(is_new);
	assert_false(ask(&enable));
	assert_false(is_new);
	assert_int_equal(intercept_fetch(&intercept, &fetched), 0);
	assert_memory_equal(&fetched, &enable, sizeof(fetched));
	assert_false(ask(&enable));
	assert_int_equal(intercept_answer(&intercept, STATUS), 0);
	assert_true(ask(&enable));
	assert_int_equal(status, STATUS);
	assert_false(is_new);
}

static void is_over_when_it_is_collected(void **state)
{
	is_answered_by_the_lpar(state);
	assert_int_equal(intercept_fetch(&intercept, &fetched), -ENODATA);
	assert_false(ask(&disable));
	assert_true(is_new);
}

static void is_fetched_and_answered_once(void **state)
{
	(void)state;
	assert_int_equal(intercept_fetch(&intercept, &fetched), -ENODATA);
	assert_int_equal(intercept_answer(&intercept, STATUS), -ENODATA);
	ask(&enable);
	assert_int_equal(intercept_answer(&intercept, STATUS), -ENODATA);
	assert_int_equal(intercept_fetch(&intercept, &fetched), 0);
	assert_int_equal(intercept_fetch(&intercept, &fetched), -ENODATA);
	assert_int_equal(intercept_answer(&intercept, STATUS), 0);
	assert_int_equal(intercept_answer(&intercept, STATUS), -ENODATA);
}

/* Of two CPUs of a guest, the second is not given the answer for the first. */
static void another_cpu_waits_for_its_turn(void **state)
{
	(void)state;
	assert_false(ask(&enable));
	assert_false(ask(&disable));
	assert_false(is_new);
	intercept_fetch(&intercept, &fetched);
	intercept_answer(&intercept, STATUS);
	assert_false(ask(&disable));
	assert_true(ask(&enable));
	assert_false(ask(&disable));
	assert_true(is_new);
}

/* A CPU that was reset does not ask again, nor does it keep others waiting. */
static void what_is_abandoned_keeps_nobody_waiting(void **state)
{
	static const enum intercept_state states[] = {
		INTERCEPT_WAITING, INTERCEPT_FETCHED, INTERCEPT_ANSWERED,
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		intercept.state = INTERCEPT_NONE;
		ask(&enable);
		intercept.state = states[i];
		now += INTERCEPT_PATIENCE;
		assert_false(ask(&disable));
		assert_false(is_new);
		now++;
		assert_false(ask(&disable));
		assert_true(is_new);
		assert_int_equal(intercept_fetch(&intercept, &fetched), 0);
		assert_memory_equal(&fetched, &disable, sizeof(fetched));
	}
}

static void is_dropped_for_its_registers_only(void **state)
{
	(void)state;
	ask(&enable);
	intercept_drop(&intercept, &disable);
	assert_false(ask(&disable));
	assert_false(is_new);
	intercept_drop(&intercept, &enable);
	assert_false(ask(&disable));
	assert_true(is_new);
}

static void an_lpar_that_is_late_is_not_waited_for(void **state)
{
	(void)state;
	ask(&enable);
	now += INTERCEPT_PATIENCE;
	assert_false(ask(&enable));
	now++;
	assert_true(ask(&enable));
	assert_int_equal(AP_STATUS_RC(status), AP_RC_BUSY);
	assert_int_equal(intercept_fetch(&intercept, &fetched), -ENODATA);
}

static void a_late_answer_is_for_no_guest(void **state)
{
	(void)state;
	ask(&enable);
	intercept_fetch(&intercept, &fetched);
	now += INTERCEPT_PATIENCE + 1;
	assert_true(ask(&enable));
	assert_int_equal(intercept_answer(&intercept, STATUS), -ENODATA);
	assert_false(intercept_is_for(&intercept, QUEUE));
}

static void is_for_one_queue_while_it_is_carried_out(void **state)
{
	(void)state;
	assert_false(intercept_is_for(&intercept, QUEUE));
	ask(&enable);
	assert_false(intercept_is_for(&intercept, QUEUE));
	intercept_fetch(&intercept, &fetched);
	assert_true(intercept_is_for(&intercept, QUEUE));
	assert_false(intercept_is_for(&intercept, QUEUE + 1));
	intercept_answer(&intercept, STATUS);
	assert_false(intercept_is_for(&intercept, QUEUE));
	ask(&enable);
	ask(&disable);
	intercept_fetch(&intercept, &fetched);
	assert_false(intercept_is_for(&intercept, QUEUE));
}

#define POINT(test) cmocka_unit_test_setup(test, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(is_answered_by_the_lpar),
		POINT(is_over_when_it_is_collected),
		POINT(is_fetched_and_answered_once),
		POINT(another_cpu_waits_for_its_turn),
		POINT(what_is_abandoned_keeps_nobody_waiting),
		POINT(is_dropped_for_its_registers_only),
		POINT(an_lpar_that_is_late_is_not_waited_for),
		POINT(a_late_answer_is_for_no_guest),
		POINT(is_for_one_queue_while_it_is_carried_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
