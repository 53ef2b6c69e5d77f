// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/guest.c"

static void guests_are_bounded(void **state)
{
	unsigned int count = 0;

	(void)state;
	while (on_queue(lpar, AP_OP_GUEST_CREATE, 0).value)
		count++;
	assert_int_equal(count, 1024);
}

static void a_guest_sees_its_apcb(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct ap_apcb apcb = { 0 };

	(void)state;
	on_queue(guest, AP_OP_QCI, 0);
	assert_memory_equal(&((struct ap_qci *)out)->apcb, &apcb,
			    sizeof(apcb));
	is_not_available(guest, QUEUE_A);
	apcb = apcb_of(QUEUE_A);
	ap_mask_set(&apcb.adm, 0x47);
	assert_int_equal(set_masks(number, &apcb), 0);
	on_queue(guest, AP_OP_QCI, 0);
	assert_memory_equal(&((struct ap_qci *)out)->apcb, &apcb,
			    sizeof(apcb));
	assert_int_equal(rc_of(on_queue(guest, AP_OP_TAPQ, QUEUE_A)), 0);
	is_not_available(guest, QUEUE_B);
	is_not_available(guest, AP_APQN(4, 0x47));
	is_not_available(guest, AP_APQN(5, 4));
	take_all(number);
	is_not_available(guest, QUEUE_A);
	cex_detach(guest);
}

static void masks_name_what_exists_only(void **state)
{
	const struct ap_apcb none = { 0 };
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, AP_APQN(200, 200));
	on_queue(guest, AP_OP_QCI, 0);
	assert_memory_equal(&((struct ap_qci *)out)->apcb, &none, sizeof(none));
	is_not_available(guest, AP_APQN(200, 200));
	cex_detach(guest);
}

static void a_destroyed_guest_reaches_nothing(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_DESTROY,
					   .arg[0] = number }, NULL);
	is_not_available(guest, QUEUE_A);
	assert_true(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		    AP_STATUS_QUEUE_EMPTY);
	cex_detach(guest);
}

static void from_the_host_to_a_guest(void **state)
{
	uint64_t clean = new_guest(), dirty = new_guest();

	(void)state;
	enqueue(lpar, QUEUE_A, 1);
	enqueue(lpar, QUEUE_B, 1);
	zeroize_queue(lpar, QUEUE_A);
	give(clean, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	give(dirty, QUEUE_B);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	/*
	 * The handover was counted when the APCB came into force, which it
	 * still is.
	 */
	give(dirty, QUEUE_B);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

static void from_a_guest_to_the_host(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	take_all(number);
	zeroize_queue(lpar, QUEUE_A);
	enqueue(lpar, QUEUE_A, 2);
	zeroize_queue(lpar, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);

	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	take_all(number);
	on_queue(lpar, AP_OP_TAPQ, QUEUE_A);
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	EVENTUALLY(!rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_A)));
	assert_int_equal(cex_dirty_handovers(machine), 0);
	enqueue(lpar, QUEUE_A, 2);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	cex_detach(guest);
}

static void a_guest_gets_its_own_back(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	take_all(number);
	give(number, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_detach(guest);
}

static void a_mask_during_a_zapq_is_dirty(void **state)
{
	(void)state;
	enqueue(lpar, QUEUE_A, 1);
	cex_set_reset_time(machine, QUEUE_A, UINT64_MAX);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_A);
	give(new_guest(), QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(guests_are_bounded),
		POINT(a_guest_sees_its_apcb),
		POINT(masks_name_what_exists_only),
		POINT(a_destroyed_guest_reaches_nothing),
		POINT(from_the_host_to_a_guest),
		POINT(from_a_guest_to_the_host),
		POINT(a_guest_gets_its_own_back),
		POINT(a_mask_during_a_zapq_is_dirty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
