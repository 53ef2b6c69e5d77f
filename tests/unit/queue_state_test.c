// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "driver/queue_state.c"

static const int guest_a, guest_b;

static enum queue_step answer(struct queue_state *s, int rc, bool idle)
{
	struct queue_answer a = { .rc = rc, .idle = idle };

	return queue_answered(s, &a);
}

static struct queue_state clean_queue(void)
{
	struct queue_state s;

	queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(s.phase, QUEUE_CLEAN);
	return s;
}

static struct queue_state used_queue(void)
{
	struct queue_state s = clean_queue();

	queue_enter(&s, &guest_a);
	return s;
}

static void new_queue_belongs_to_nobody(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	assert_int_equal(s.phase, QUEUE_RESETTING);
	assert_false(queue_available(&s, &guest_a));
	assert_true(queue_wants_zapq(&s));
}

static void reset_is_zapq_then_tapq(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_NOW);
	assert_int_equal(s.phase, QUEUE_RESETTING);
	assert_false(queue_wants_zapq(&s));
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_SOON);
	assert_false(queue_wants_zapq(&s));
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_CLEAN);
	assert_true(queue_available(&s, &guest_a));
}

static void zapq_is_repeated_until_accepted(void **state)
{
	static const int busy[] = { RC_RESET_IN_PROGRESS, RC_BUSY, RC_STATE_CHANGE_IN_PROGRESS };
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(answer(&s, busy[i], false), QUEUE_STEP_SOON);
		assert_true(queue_wants_zapq(&s));
	}
}

static void queue_touched_after_zapq_is_zapped_again(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_NORMAL, false), QUEUE_STEP_SOON);
	assert_true(queue_wants_zapq(&s));
}

static void failed_association_needs_another_zapq(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_ASSOC_FAILED, true), QUEUE_STEP_SOON);
	assert_true(queue_wants_zapq(&s));
}

static void absent_queue_is_retried(void **state)
{
	static const int absent[] = { RC_NOT_AVAILABLE, RC_DECONFIGURED, RC_CHECKSTOPPED };
	struct queue_state s;

	(void)state;
	for (int i = 0; i < 3; i++) {
		queue_state_init(&s);
		assert_int_equal(answer(&s, absent[i], false), QUEUE_STEP_LATER);
		assert_int_equal(s.phase, QUEUE_UNAVAILABLE);
		assert_false(queue_available(&s, &guest_a));
		assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_NOW);
		assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
		assert_int_equal(s.phase, QUEUE_CLEAN);
	}
}

static void lost_between_zapq_and_tapq_starts_over(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	answer(&s, RC_DECONFIGURED, false);
	assert_int_equal(s.phase, QUEUE_UNAVAILABLE);
	assert_true(queue_wants_zapq(&s));
}

static void unknown_code_and_deadline_quarantine(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	assert_int_equal(answer(&s, 0x77, true), QUEUE_STEP_LATER);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	queue_state_init(&s);
	answer(&s, RC_RESET_IN_PROGRESS, false);
	queue_give_up(&s);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_false(queue_available(&s, &guest_a));
	assert_true(queue_wants_zapq(&s));
}

static void quarantine_ends_with_a_reset_only(void **state)
{
	struct queue_state s;

	(void)state;
	queue_state_init(&s);
	queue_give_up(&s);
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_LATER);
	assert_int_equal(answer(&s, RC_DECONFIGURED, false), QUEUE_STEP_LATER);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_NOW);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_CLEAN);
}

static void queue_has_one_owner(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	assert_true(queue_available(&s, &guest_a));
	assert_false(queue_available(&s, &guest_b));
	queue_leave(&s);
	assert_false(queue_available(&s, &guest_a));
	assert_false(queue_available(&s, &guest_b));
	assert_true(queue_wants_zapq(&s));
}

static void guest_keeps_its_queue_through_a_reset(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	queue_reset(&s);
	assert_true(queue_available(&s, &guest_a));
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_USED);
	assert_ptr_equal(s.owner, &guest_a);
}

static void guest_keeps_what_is_deconfigured(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	queue_reset(&s);
	assert_int_equal(answer(&s, RC_DECONFIGURED, false), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_USED);
	assert_int_equal(s.rc, RC_DECONFIGURED);
}

static void guest_loses_what_does_not_come_back(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	queue_reset(&s);
	queue_give_up(&s);
	assert_false(queue_available(&s, &guest_a));
	queue_leave(&s);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_null(s.owner);
}

static void leaving_during_a_reset_starts_another(void **state)
{
	struct queue_state s = used_queue();
	unsigned int epoch;

	(void)state;
	queue_reset(&s);
	answer(&s, RC_NORMAL, true);
	epoch = s.epoch;
	queue_leave(&s);
	assert_true(queue_wants_zapq(&s));
	assert_int_not_equal(s.epoch, epoch);
	assert_int_equal(s.phase, QUEUE_RESETTING);
}

static void late_deadline_changes_nothing(void **state)
{
	struct queue_state s = clean_queue();

	(void)state;
	queue_give_up(&s);
	assert_int_equal(s.phase, QUEUE_CLEAN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_queue_belongs_to_nobody),
		cmocka_unit_test(reset_is_zapq_then_tapq),
		cmocka_unit_test(zapq_is_repeated_until_accepted),
		cmocka_unit_test(queue_touched_after_zapq_is_zapped_again),
		cmocka_unit_test(failed_association_needs_another_zapq),
		cmocka_unit_test(absent_queue_is_retried),
		cmocka_unit_test(lost_between_zapq_and_tapq_starts_over),
		cmocka_unit_test(unknown_code_and_deadline_quarantine),
		cmocka_unit_test(quarantine_ends_with_a_reset_only),
		cmocka_unit_test(queue_has_one_owner),
		cmocka_unit_test(guest_keeps_its_queue_through_a_reset),
		cmocka_unit_test(guest_keeps_what_is_deconfigured),
		cmocka_unit_test(guest_loses_what_does_not_come_back),
		cmocka_unit_test(leaving_during_a_reset_starts_another),
		cmocka_unit_test(late_deadline_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
