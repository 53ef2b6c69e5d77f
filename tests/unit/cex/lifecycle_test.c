// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/lifecycle.c"

static void there_is_one_lpar(void **state)
{
	(void)state;
	assert_null(cex_attach_lpar(machine));
	assert_int_equal(errno, EBUSY);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_non_null(lpar);
}

static void a_guest_attaches_once(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest;

	(void)state;
	assert_null(cex_attach_guest(machine, number + 1));
	assert_int_equal(errno, ENOENT);
	guest = cex_attach_guest(machine, number);
	assert_non_null(guest);
	assert_null(cex_attach_guest(machine, number));
	assert_int_equal(errno, EBUSY);
	cex_detach(guest);
	assert_null(cex_attach_guest(machine, number));
	assert_int_equal(errno, ENOENT);
	give(number, QUEUE_A);
	assert_int_equal(execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_DESTROY, .arg[0] = number }, NULL).value, 0);
	assert_int_equal(execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_DESTROY, .arg[0] = number }, NULL).value,
		ENOENT);
}

static void guests_end_with_their_lpar(void **state)
{
	uint64_t number = new_guest(), waiting = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	cex_detach(lpar);
	is_not_available(guest, QUEUE_A);
	assert_null(cex_attach_guest(machine, waiting));
	lpar = cex_attach_lpar(machine);
	assert_int_equal(set_masks(number, &(struct ap_apcb){ 0 }), ENOENT);
	is_not_available(guest, QUEUE_A);
	cex_detach(guest);
}

static void a_dead_vms_requests_are_dropped(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	for (int i = 0; i < 8; i++)
		assert_int_equal(rc_of(enqueue(guest, QUEUE_A, i)), 0);
	cex_detach(guest);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status,
			 AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(rc_of(dequeue(lpar, QUEUE_A, 4096)),
			 AP_RC_NO_PENDING_REPLY);
	give(new_guest(), QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

static void a_new_lpar_gets_clean_queues(void **state)
{
	struct cex_vm *guest;
	uint64_t number = new_guest();

	(void)state;
	give(number, QUEUE_A);
	guest = cex_attach_guest(machine, number);
	assert_int_equal(rc_of(enqueue(guest, QUEUE_A, 1)), AP_RC_NORMAL);
	cex_detach(guest);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_A)),
			 AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)), AP_RC_NORMAL);
	EVENTUALLY(!rc_of(enqueue(lpar, QUEUE_A, 1)));
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

/*
 * The machine itself zeroizes. It is not software, which a fault could prevent.
 */
static void clean_in_the_end(void (*hinder)(void), void (*mend)(void))
{
	struct cex_queue_info info;

	EVENTUALLY(!rc_of(enqueue(lpar, QUEUE_B, 1)));
	hinder();
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	mend();
	EVENTUALLY(!rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)));
	assert_int_equal(cex_queue_info(machine, QUEUE_B, &info), 0);
	assert_true(info.clean);
}

static void configure_again(void)
{
	cex_configure(machine, 5);
}

static void deconfigure(void)
{
	cex_deconfigure(machine, 5);
}

static void checkstop(void)
{
	cex_checkstop(machine, 5);
}

static void end_faults(void)
{
	cex_set_fault(machine, QUEUE_B, FAULT_BUSY, 0);
	cex_set_fault(machine, QUEUE_B, FAULT_RESET_ERROR, 0);
}

static void make_busy(void)
{
	cex_set_fault(machine, QUEUE_B, FAULT_BUSY, FAULT_ALWAYS);
}

static void spoil_resets(void)
{
	cex_set_fault(machine, QUEUE_B, FAULT_RESET_ERROR, FAULT_ALWAYS);
}

static void reset_without_end(void)
{
	cex_set_reset_time(machine, QUEUE_B, UINT64_MAX);
	on_queue(lpar, AP_OP_RAPQ, QUEUE_B);
}

static void have_it_end(void)
{
	cex_set_reset_time(machine, QUEUE_B, 2);
}

static void nothing_keeps_a_new_lpar_from_clean_queues(void **state)
{
	(void)state;
	clean_in_the_end(deconfigure, configure_again);
	clean_in_the_end(checkstop, configure_again);
	clean_in_the_end(make_busy, end_faults);
	clean_in_the_end(spoil_resets, end_faults);
	clean_in_the_end(reset_without_end, have_it_end);
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

/*
 * The LPAR that enabled interruptions is gone, so the queue interrupts no VM.
 */
static void an_lpar_that_ended_is_not_interrupted(void **state)
{
	(void)state;
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		     AP_STATUS_IRQ_ENABLED);
}

/* Have one queue hold a reply and interrupt @vm. */
static void occupy(struct cex_vm *vm, uint16_t apqn)
{
	EVENTUALLY(!rc_of(enqueue(vm, apqn, 1)));
	EVENTUALLY(on_queue(vm, AP_OP_TAPQ, apqn).status & AP_STATUS_REPLIES_WAITING);
	assert_int_equal(switch_irq(vm, apqn, IR_BIT), AP_RC_NORMAL);
}

/* The reset of the queue is still in progress. */
static void becomes_clean(struct cex_vm *vm, uint16_t apqn)
{
	struct cex_queue_info info;

	assert_int_equal(on_queue(vm, AP_OP_TAPQ, apqn).status,
			 AP_STATUS_QUEUE_EMPTY | AP_STATUS_OF_RC(AP_RC_RESET_IN_PROGRESS));
	cex_set_reset_time(machine, apqn, 0);
	assert_int_equal(on_queue(vm, AP_OP_TAPQ, apqn).status, AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(cex_queue_info(machine, apqn, &info), 0);
	assert_true(info.clean);
}

static void is_occupied(struct cex_vm *vm, uint16_t apqn)
{
	assert_int_equal(on_queue(vm, AP_OP_TAPQ, apqn).status,
			 AP_STATUS_REPLIES_WAITING | AP_STATUS_IRQ_ENABLED);
}

static void reset_vm(struct cex_vm *vm)
{
	const struct ap_result nothing = { 0 };
	struct ap_result result;

	cex_set_reset_time(machine, QUEUE_A, UINT64_MAX);
	cex_set_reset_time(machine, QUEUE_B, UINT64_MAX);
	result = on_queue(vm, AP_OP_RESET, 0);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
}

/* All that the operating system had is gone with it, guests included. */
static void an_lpar_that_is_reset_begins_anew(void **state)
{
	struct cex_vm *guest, *other;
	uint64_t number;

	(void)state;
	guest = intercepted_guest(&number);
	EVENTUALLY(!rc_of(enqueue(guest, QUEUE_A, 1)));
	occupy(lpar, QUEUE_B);
	take_change(QUEUE_B);
	reset_vm(lpar);
	assert_true(take_change(QUEUE_B));
	becomes_clean(lpar, QUEUE_A);
	becomes_clean(lpar, QUEUE_B);
	is_not_available(guest, QUEUE_A);
	assert_int_equal(on_queue(lpar, AP_OP_GUEST_DESTROY, 0).value, ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, number, 0), ENOENT);
	other = cex_attach_guest(machine, new_guest());
	cex_watch(other, &guests);
	assert_false(guests.interruptible);
	cex_detach(guest);
	cex_detach(other);
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

/* The guest keeps its APCB, and the queues of other VMs are not affected. */
static void a_guest_that_is_reset_resets_its_own(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	occupy(guest, QUEUE_A);
	occupy(lpar, QUEUE_B);
	cex_watch(lpar, &watched);
	take_change(QUEUE_A);
	reset_vm(guest);
	assert_true(take_change(QUEUE_A));
	becomes_clean(guest, QUEUE_A);
	is_occupied(lpar, QUEUE_B);
	take_all(number);
	give(number, QUEUE_B);
	take_all(number);
	reset_vm(guest);
	is_occupied(lpar, QUEUE_B);
	cex_detach(guest);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(there_is_one_lpar),
		POINT(a_guest_attaches_once),
		POINT(guests_end_with_their_lpar),
		POINT(a_dead_vms_requests_are_dropped),
		POINT(a_new_lpar_gets_clean_queues),
		POINT(nothing_keeps_a_new_lpar_from_clean_queues),
		POINT(an_lpar_that_ended_is_not_interrupted),
		POINT(an_lpar_that_is_reset_begins_anew),
		POINT(a_guest_that_is_reset_resets_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
