// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/changes.c"

static void a_vm_can_watch_instead_of_polling(void **state)
{
	uint64_t before;

	(void)state;
	cex_watch(lpar, &watched);
	take_change(QUEUE_A);
	take_change(QUEUE_B);

	on_queue(lpar, AP_OP_TAPQ, QUEUE_A);
	dequeue(lpar, QUEUE_A, 512);
	assert_false(take_change(QUEUE_A));
	before = *AP_CHANGES_OF(&watched, QUEUE_A);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(*AP_CHANGES_OF(&watched, QUEUE_A) - before == 2);
	assert_true(take_change(QUEUE_A));
	assert_int_equal(rc_of(dequeue(lpar, QUEUE_A, 512)), AP_RC_NORMAL);
	assert_false(take_change(QUEUE_A));
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	assert_true(take_change(QUEUE_A));
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 1);
	assert_true(take_change(QUEUE_A));
	cex_deconfigure(machine, AP_ADAPTER(QUEUE_A));
	assert_true(take_change(QUEUE_A));
	cex_configure(machine, AP_ADAPTER(QUEUE_A));
	assert_true(take_change(QUEUE_A));
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 0);
	assert_true(take_change(QUEUE_A));
	assert_false(take_change(QUEUE_B));

	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), false);
	assert_true(take_change(QUEUE_A));
	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), true);
	assert_true(take_change(QUEUE_A));
}

/* A request that is lost is a change, as one that is answered is. */
static void a_lost_reply_is_a_change(void **state)
{
	uint64_t before;

	(void)state;
	cex_watch(lpar, &watched);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, 1);
	before = *AP_CHANGES_OF(&watched, QUEUE_A);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status ==
		   AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(*AP_CHANGES_OF(&watched, QUEUE_A) - before, 2);
}

/* The next DQAP of any VM finds the rest of the reply. */
static void a_part_of_a_reply_is_a_change(void **state)
{
	(void)state;
	cex_watch(lpar, &watched);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		   AP_STATUS_REPLIES_WAITING);
	take_change(QUEUE_A);
	assert_int_equal(rc_of(dequeue(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_true(take_change(QUEUE_A));
}

/* A guest's count covers what the guest reaches, and nothing else. */
static void a_guest_watches_its_own_queues(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	cex_watch(guest, &watched);
	take_change(QUEUE_A);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_A);
	assert_false(take_change(QUEUE_A));
	give(number, QUEUE_A);
	assert_true(take_change(QUEUE_A));
	EVENTUALLY(!rc_of(enqueue(guest, QUEUE_A, 1)));
	assert_true(take_change(QUEUE_A));
	take_all(number);
	assert_true(take_change(QUEUE_A));
	cex_detach(guest);
	give(number, QUEUE_A);
	assert_false(take_change(QUEUE_A));
}

static void a_reply_interrupts(void **state)
{
	uint32_t bell = watched.bell, count = watched.interruptions[QUEUE_A];
	uint32_t other = watched.interruptions[QUEUE_B];

	(void)state;
	cex_watch(lpar, &watched);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dequeue(lpar, QUEUE_A, 512)));
	assert_int_equal(watched.interruptions[QUEUE_A], count);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(watched.interruptions[QUEUE_A] == count + 1);
	assert_int_equal(rc_of(dequeue(lpar, QUEUE_A, 512)), AP_RC_NORMAL);
	assert_int_equal(watched.bell, bell + 1);
	assert_int_equal(watched.interruptions[QUEUE_B], other);
	zeroize_queue(lpar, QUEUE_A);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dequeue(lpar, QUEUE_A, 512)));
	assert_int_equal(watched.bell, bell + 1);
}

static void a_lost_reply_does_not_interrupt(void **state)
{
	uint32_t count = watched.interruptions[QUEUE_A];

	(void)state;
	cex_watch(lpar, &watched);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, 1);
	enqueue(lpar, QUEUE_A, 1);
	EVENTUALLY(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		   AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(watched.interruptions[QUEUE_A], count);
	enqueue(lpar, QUEUE_A, 2);
	EVENTUALLY(watched.interruptions[QUEUE_A] == count + 1);
}

/* Who waits for room waits for the interruption of a reply, and none comes from an empty queue. */
static void a_full_queue_that_is_empty_interrupts(void **state)
{
	uint32_t count = watched.interruptions[QUEUE_A];

	(void)state;
	cex_watch(lpar, &watched);
	cex_set_fault(machine, QUEUE_A, FAULT_FULL, 2);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_Q_FULL);
	assert_int_equal(watched.interruptions[QUEUE_A], count);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_Q_FULL);
	assert_int_equal(watched.interruptions[QUEUE_A], count + 1);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	EVENTUALLY(watched.interruptions[QUEUE_A] == count + 2);
	cex_set_fault(machine, QUEUE_A, FAULT_FULL, 1);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 2)), AP_RC_Q_FULL);
	assert_int_equal(watched.interruptions[QUEUE_A], count + 2);
}

static void guests_need_an_lpar_that_listens(void **state)
{
	struct cex_vm *guest = cex_attach_guest(machine, new_guest());

	(void)state;
	cex_watch(guest, &guests);
	assert_false(guests.interruptible);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(a_vm_can_watch_instead_of_polling),
		POINT(a_lost_reply_is_a_change),
		POINT(a_part_of_a_reply_is_a_change),
		POINT(a_guest_watches_its_own_queues),
		POINT(a_reply_interrupts),
		POINT(a_lost_reply_does_not_interrupt),
		POINT(a_full_queue_that_is_empty_interrupts),
		POINT(guests_need_an_lpar_that_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
