// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/airq.c"

#define QUEUE_A	0x0504
#define QUEUE_B	0x0704	/* has its own count, unlike in AP_CHANGES_OF() */
#define NIB_A	0x1000
#define NIB_B	0x2001
#define ALL	0xff

static struct ap_changes changes;
static struct airq airq;

static uint64_t set[8];
static unsigned int sets;

static void note(void *context, uint64_t indicator)
{
	assert_ptr_equal(context, &airq);
	set[sets++] = indicator;
}

static int start(void **state)
{
	(void)state;
	airq_init(&airq, &changes);
	return 0;
}

static int end(void **state)
{
	(void)state;
	g_array_free(airq.queues, TRUE);
	g_mutex_clear(&airq.lock);
	return 0;
}

static void enable(uint16_t apqn, uint8_t isc, uint64_t indicator)
{
	airq_enable(&airq, apqn, isc, indicator, airq_count(&airq, apqn));
}

/* Take an interruption. Return its subclass, or -1 if there is none. */
static int take(unsigned int allowed)
{
	uint8_t isc;

	sets = 0;
	return airq_take(&airq, allowed, &isc, note, &airq) ? isc : -1;
}

static void is_pending_when_it_is_counted(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	assert_int_equal(airq_look(&airq), 0);
	assert_int_equal(take(ALL), -1);
	changes.interruptions[QUEUE_A]++;
	assert_int_equal(airq_pending(&airq), 0);
	assert_int_equal(airq_look(&airq), AIRQ_SUBCLASS(6));
	assert_int_equal(airq_pending(&airq), 2);
}

static void is_taken_once(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	changes.interruptions[QUEUE_A] += 3;
	assert_int_equal(take(ALL), 6);
	assert_int_equal(sets, 1);
	assert_int_equal(set[0], NIB_A);
	assert_int_equal(airq_pending(&airq), 0);
	assert_int_equal(take(ALL), -1);
	changes.interruptions[QUEUE_A]++;
	assert_int_equal(take(ALL), 6);
}

static void waits_until_it_is_allowed(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	changes.interruptions[QUEUE_A]++;
	assert_int_equal(take(0), -1);
	assert_int_equal(take(ALL & ~AIRQ_SUBCLASS(6)), -1);
	assert_int_equal(airq_pending(&airq), AIRQ_SUBCLASS(6));
	assert_int_equal(take(AIRQ_SUBCLASS(6)), 6);
}

static void subclasses_have_their_order(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	enable(QUEUE_B, 0, NIB_B);
	changes.interruptions[QUEUE_A]++;
	changes.interruptions[QUEUE_B]++;
	assert_int_equal(airq_look(&airq), AIRQ_SUBCLASS(0) | AIRQ_SUBCLASS(6));
	assert_int_equal(take(ALL), 0);
	assert_int_equal(set[0], NIB_B);
	assert_int_equal(take(ALL), 6);
	assert_int_equal(set[0], NIB_A);
}

/*
 * All queues of a subclass share one interruption, and each sets its indicator.
 */
static void queues_of_a_subclass_share_it(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	enable(QUEUE_B, 6, NIB_B);
	changes.interruptions[QUEUE_A]++;
	changes.interruptions[QUEUE_B]++;
	assert_int_equal(take(ALL), 6);
	assert_int_equal(sets, 2);
	assert_int_equal(set[0] + set[1], NIB_A + NIB_B);
	assert_int_equal(take(ALL), -1);
}

static void queues_do_not_speak_for_others(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	changes.interruptions[QUEUE_B]++;
	assert_int_equal(take(ALL), -1);
}

static void none_comes_when_they_are_off(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	changes.interruptions[QUEUE_A]++;
	airq_look(&airq);
	airq_disable(&airq, QUEUE_A);
	assert_int_equal(airq_pending(&airq), 0);
	assert_int_equal(take(ALL), -1);
	airq_disable(&airq, QUEUE_B);
}

static void old_counts_do_not_count(void **state)
{
	(void)state;
	changes.interruptions[QUEUE_A] += 5;
	enable(QUEUE_A, 6, NIB_A);
	assert_int_equal(take(ALL), -1);
}

/* The queue has a reply before AQIC returns. */
static void what_comes_during_aqic_counts(void **state)
{
	uint32_t count = airq_count(&airq, QUEUE_A);

	(void)state;
	changes.interruptions[QUEUE_A]++;
	airq_enable(&airq, QUEUE_A, 6, NIB_A, count);
	assert_int_equal(airq_pending(&airq), AIRQ_SUBCLASS(6));
}

static void the_last_aqic_is_in_force(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	enable(QUEUE_A, 3, NIB_B);
	changes.interruptions[QUEUE_A]++;
	assert_int_equal(take(ALL), 3);
	assert_int_equal(set[0], NIB_B);
	assert_int_equal(take(ALL), -1);
}

/* Each queue is checked once, and counted from there. */
static void a_machine_that_counts_anew_is_looked_at(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	changes.interruptions[QUEUE_A] += 3;
	assert_int_equal(take(ALL), 6);
	enable(QUEUE_B, 6, NIB_B);
	changes = (struct ap_changes){ .since = changes.since + 1 };
	assert_int_equal(airq_look(&airq), AIRQ_SUBCLASS(6));
	assert_int_equal(take(ALL), 6);
	assert_int_equal(sets, 2);
	assert_int_equal(take(ALL), -1);
	changes.interruptions[QUEUE_A]++;
	assert_int_equal(take(ALL), 6);
	assert_int_equal(sets, 1);
}

static void it_is_known_who_has_them_on(void **state)
{
	(void)state;
	assert_false(airq_is_on(&airq, QUEUE_A));
	enable(QUEUE_A, 6, NIB_A);
	assert_true(airq_is_on(&airq, QUEUE_A));
	assert_false(airq_is_on(&airq, QUEUE_B));
	airq_disable(&airq, QUEUE_A);
	assert_false(airq_is_on(&airq, QUEUE_A));
}

static void none_is_on_after_a_reset(void **state)
{
	(void)state;
	enable(QUEUE_A, 6, NIB_A);
	enable(QUEUE_B, 3, NIB_B);
	changes.interruptions[QUEUE_A]++;
	airq_look(&airq);
	airq_disable_all(&airq);
	assert_int_equal(airq_pending(&airq), 0);
	changes.interruptions[QUEUE_B]++;
	assert_int_equal(take(ALL), -1);
	assert_false(airq_is_on(&airq, QUEUE_A));
	enable(QUEUE_B, 3, NIB_B);
	assert_int_equal(take(ALL), -1);
}

#define POINT(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(is_pending_when_it_is_counted),
		POINT(is_taken_once),
		POINT(waits_until_it_is_allowed),
		POINT(subclasses_have_their_order),
		POINT(queues_of_a_subclass_share_it),
		POINT(queues_do_not_speak_for_others),
		POINT(none_comes_when_they_are_off),
		POINT(old_counts_do_not_count),
		POINT(what_comes_during_aqic_counts),
		POINT(the_last_aqic_is_in_force),
		POINT(a_machine_that_counts_anew_is_looked_at),
		POINT(it_is_known_who_has_them_on),
		POINT(none_is_on_after_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
