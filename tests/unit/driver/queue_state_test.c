// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "driver/queue_state.c"
#include "tests/unit/seeded.h"

static const int guest_a, guest_b;

static enum queue_step answer(struct queue_state *s, int rc, bool idle)
{
	struct queue_answer a = { .rc = rc, .idle = idle };

	return vfio_ap_queue_state_answered(s, &a);
}

static struct queue_state clean_queue(void)
{
	struct queue_state s;

	vfio_ap_queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(s.phase, QUEUE_CLEAN);
	return s;
}

static struct queue_state used_queue(void)
{
	struct queue_state s = clean_queue();

	vfio_ap_queue_state_enter(&s, &guest_a);
	return s;
}

static void new_queue_belongs_to_nobody(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	assert_int_equal(s.phase, QUEUE_RESETTING);
	assert_false(vfio_ap_queue_state_available(&s, &guest_a));
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void reset_is_zapq_then_tapq(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_SOON);
	assert_int_equal(s.phase, QUEUE_RESETTING);
	assert_false(vfio_ap_queue_state_wants_zapq(&s));
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_SOON);
	assert_false(vfio_ap_queue_state_wants_zapq(&s));
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_CLEAN);
	assert_true(vfio_ap_queue_state_available(&s, &guest_a));
}

static void zapq_is_repeated_until_accepted(void **state)
{
	static const int busy[] = { RC_RESET_IN_PROGRESS, RC_BUSY, RC_STATE_CHANGE_IN_PROGRESS };
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(answer(&s, busy[i], false), QUEUE_STEP_SOON);
		assert_true(vfio_ap_queue_state_wants_zapq(&s));
	}
}

static void queue_touched_after_zapq_is_zapped_again(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_NORMAL, false), QUEUE_STEP_SOON);
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void failed_association_needs_another_zapq(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_ASSOC_FAILED, true), QUEUE_STEP_SOON);
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void absent_queue_is_retried(void **state)
{
	static const int absent[] = { RC_NOT_AVAILABLE, RC_DECONFIGURED, RC_CHECKSTOPPED };
	struct queue_state s;

	(void)state;
	for (int i = 0; i < 3; i++) {
		vfio_ap_queue_state_init(&s);
		assert_int_equal(answer(&s, absent[i], false), QUEUE_STEP_LATER);
		assert_int_equal(s.phase, QUEUE_UNAVAILABLE);
		assert_false(vfio_ap_queue_state_available(&s, &guest_a));
		assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_SOON);
		assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
		assert_int_equal(s.phase, QUEUE_CLEAN);
	}
}

static void retry_is_watched_until_it_ends(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_DECONFIGURED, false);
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_LATER);
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(s.phase, QUEUE_UNAVAILABLE);
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_SOON);
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_SOON);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_CLEAN);
}

static void lost_between_zapq_and_tapq_starts_over(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_NORMAL, true);
	answer(&s, RC_DECONFIGURED, false);
	assert_int_equal(s.phase, QUEUE_UNAVAILABLE);
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void unknown_code_and_deadline_quarantine(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	assert_int_equal(answer(&s, 0x77, true), QUEUE_STEP_LATER);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_RESET_IN_PROGRESS, false);
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_false(vfio_ap_queue_state_available(&s, &guest_a));
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void quarantine_ends_with_a_reset_only(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(answer(&s, RC_RESET_IN_PROGRESS, false), QUEUE_STEP_LATER);
	assert_int_equal(answer(&s, RC_DECONFIGURED, false), QUEUE_STEP_LATER);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_SOON);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_CLEAN);
}

static void queue_has_one_owner(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	assert_true(vfio_ap_queue_state_available(&s, &guest_a));
	assert_false(vfio_ap_queue_state_available(&s, &guest_b));
	vfio_ap_queue_state_leave(&s);
	assert_false(vfio_ap_queue_state_available(&s, &guest_a));
	assert_false(vfio_ap_queue_state_available(&s, &guest_b));
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
}

static void guest_keeps_its_queue_through_a_reset(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	vfio_ap_queue_state_reset(&s);
	assert_true(vfio_ap_queue_state_available(&s, &guest_a));
	answer(&s, RC_NORMAL, true);
	assert_int_equal(answer(&s, RC_NORMAL, true), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_USED);
	assert_ptr_equal(s.owner, &guest_a);
}

static void guest_keeps_what_is_deconfigured(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	vfio_ap_queue_state_reset(&s);
	assert_int_equal(answer(&s, RC_DECONFIGURED, false), QUEUE_STEP_DONE);
	assert_int_equal(s.phase, QUEUE_USED);
	assert_int_equal(s.rc, RC_DECONFIGURED);
}

static void guest_loses_what_does_not_come_back(void **state)
{
	struct queue_state s = used_queue();

	(void)state;
	vfio_ap_queue_state_reset(&s);
	vfio_ap_queue_state_give_up(&s);
	assert_false(vfio_ap_queue_state_available(&s, &guest_a));
	vfio_ap_queue_state_leave(&s);
	assert_int_equal(s.phase, QUEUE_QUARANTINED);
	assert_null(s.owner);
}

static void leaving_during_a_reset_starts_another(void **state)
{
	struct queue_state s = used_queue();
	unsigned int epoch;

	(void)state;
	vfio_ap_queue_state_reset(&s);
	answer(&s, RC_NORMAL, true);
	epoch = s.epoch;
	vfio_ap_queue_state_leave(&s);
	assert_true(vfio_ap_queue_state_wants_zapq(&s));
	assert_int_not_equal(s.epoch, epoch);
	assert_int_equal(s.phase, QUEUE_RESETTING);
}

static __u64 recorded(struct queue_state *s, int rc, bool idle, __u64 hwinfo)
{
	struct queue_answer a = { .rc = rc, .idle = idle, .hwinfo = hwinfo };

	vfio_ap_queue_state_answered(s, &a);
	return s->hwinfo;
}

/* Nothing else proves that it tells of a queue that is there, and that a guest can be given. */
static void record_is_of_the_answer_that_ends_a_reset(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 1), 0);
	assert_int_equal(recorded(&s, RC_RESET_IN_PROGRESS, true, 2), 0);
	assert_int_equal(recorded(&s, RC_NORMAL, false, 3), 0);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 4), 0);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 5), 5);
	vfio_ap_queue_state_enter(&s, &guest_a);
	vfio_ap_queue_state_reset(&s);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 6), 5);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 7), 7);
	vfio_ap_queue_state_leave(&s);
	assert_int_equal(recorded(&s, RC_NORMAL, true, 8), 7);
	assert_int_equal(recorded(&s, RC_DECONFIGURED, true, 9), 7);
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(s.hwinfo, 7);
}

static void late_deadline_changes_nothing(void **state)
{
	struct queue_state s = clean_queue();

	(void)state;
	vfio_ap_queue_state_give_up(&s);
	assert_int_equal(s.phase, QUEUE_CLEAN);
}

static void stuck_is_what_a_guest_had(void **state)
{
	struct queue_state s;

	(void)state;
	vfio_ap_queue_state_init(&s);
	answer(&s, RC_DECONFIGURED, false);
	assert_false(vfio_ap_queue_state_is_stuck(&s));
	s = used_queue();
	assert_false(vfio_ap_queue_state_is_stuck(&s));
	vfio_ap_queue_state_leave(&s);
	assert_false(vfio_ap_queue_state_is_stuck(&s));
	answer(&s, RC_DECONFIGURED, false);
	assert_true(vfio_ap_queue_state_is_stuck(&s));
	answer(&s, RC_NORMAL, true);
	answer(&s, RC_NORMAL, true);
	assert_false(vfio_ap_queue_state_is_stuck(&s));
	assert_false(s.tainted);
}

/*
 * Random lives of a queue. What a guest leaves can be keys, which no instruction shows: only
 * a ZAPQ after the guest's last use removes them, and the worker's answers may be stale.
 */
static struct {
	struct queue_state s;
	const void *owner;
	bool dirty;
} life;

static enum queue_step execute(struct queue_state *next)
{
	static const __u8 codes[] = { RC_NORMAL, RC_NORMAL, RC_NORMAL, RC_RESET_IN_PROGRESS, RC_BUSY,
		RC_DECONFIGURED, RC_NOT_AVAILABLE, RC_ASSOC_FAILED, 0x77 };
	__u8 rc = codes[seeded_below(sizeof(codes))];

	if (vfio_ap_queue_state_wants_zapq(next) && rc == RC_NORMAL)
		life.dirty = false;
	return answer(next, rc, seeded_below(4));
}

static void guest_acts(void)
{
	const void *guest = seeded_below(2) ? &guest_a : &guest_b;

	switch (seeded_below(4)) {
	case 0:
		if (life.s.owner || !vfio_ap_queue_state_available(&life.s, guest))
			return;
		assert_false(life.dirty);
		vfio_ap_queue_state_enter(&life.s, guest);
		life.owner = guest;
		assert_false(vfio_ap_queue_state_available(&life.s,
						   guest == &guest_a ? &guest_b : &guest_a));
		return;
	case 1:
		life.dirty |= !!life.owner;
		return;
	case 2:
		if (life.owner)
			vfio_ap_queue_state_leave(&life.s);
		life.owner = NULL;
		return;
	default:
		if (life.s.phase == QUEUE_USED || vfio_ap_queue_state_is_stuck(&life.s))
			vfio_ap_queue_state_reset(&life.s);
	}
}

/* As the worker of a reset does it: the guest may act while the instruction is executed. */
static void worker_acts(void)
{
	struct queue_state next = life.s;

	if (next.phase == QUEUE_CLEAN || next.phase == QUEUE_USED)
		return;
	if (seeded_below(16))
		execute(&next);
	else
		vfio_ap_queue_state_give_up(&next);
	for (unsigned int i = seeded_below(4); i; i--)
		guest_acts();
	if (life.s.epoch == next.epoch)
		life.s = next;
}

static void no_life_hands_on_what_a_guest_left(void **state)
{
	(void)state;
	vfio_ap_queue_state_init(&life.s);
	life.dirty = true;
	for (int i = 0; i < 1000000; i++) {
		if (seeded_below(2))
			worker_acts();
		else
			guest_acts();
		assert_ptr_equal(life.s.owner, life.owner);
		assert_false(life.s.phase == QUEUE_CLEAN && (life.dirty || life.s.owner));
		assert_false(life.s.phase == QUEUE_USED && !life.s.owner);
		assert_true(life.s.tainted || !life.s.owner);
	}
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
		cmocka_unit_test(retry_is_watched_until_it_ends),
		cmocka_unit_test(lost_between_zapq_and_tapq_starts_over),
		cmocka_unit_test(unknown_code_and_deadline_quarantine),
		cmocka_unit_test(quarantine_ends_with_a_reset_only),
		cmocka_unit_test(queue_has_one_owner),
		cmocka_unit_test(guest_keeps_its_queue_through_a_reset),
		cmocka_unit_test(guest_keeps_what_is_deconfigured),
		cmocka_unit_test(guest_loses_what_does_not_come_back),
		cmocka_unit_test(leaving_during_a_reset_starts_another),
		cmocka_unit_test(record_is_of_the_answer_that_ends_a_reset),
		cmocka_unit_test(late_deadline_changes_nothing),
		cmocka_unit_test(stuck_is_what_a_guest_had),
		cmocka_unit_test(no_life_hands_on_what_a_guest_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
