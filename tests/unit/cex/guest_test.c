// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include <openssl/rand.h>

/* What is drawn next, as far as a test says it. */
static uint64_t drawn[4];
static unsigned int draws;
static bool nothing_is_drawn;

static int draw(unsigned char *bytes, int length)
{
	if (nothing_is_drawn)
		return 0;
	if (!draws)
		return RAND_bytes(bytes, length);
	assert_int_equal(length, sizeof(drawn[0]));
	memcpy(bytes, &drawn[--draws], sizeof(drawn[0]));
	return 1;
}
#define RAND_bytes draw
#include "cex/guest.c"
#undef RAND_bytes

static void guests_are_bounded(void **state)
{
	unsigned int count = 0;

	(void)state;
	while (on_queue(lpar, AP_OP_GUEST_CREATE, 0).value)
		count++;
	assert_int_equal(count, 1024);
}

/* A number proves the right to attach. */
static void a_number_is_neither_0_nor_another_guests(void **state)
{
	uint64_t first = new_guest();

	(void)state;
	drawn[0] = 0x1234;
	drawn[1] = 0;
	drawn[2] = first;
	draws = 3;
	assert_int_equal(new_guest(), 0x1234);
	assert_int_equal(draws, 0);
}

static void without_random_numbers_there_is_no_guest(void **state)
{
	uint64_t number;

	(void)state;
	nothing_is_drawn = true;
	assert_int_equal(guest_create(machine, &number), -ENOMEM);
	nothing_is_drawn = false;
	assert_int_equal(machine->guest_count, 0);
}

/* Its id is never used again, also when it is gone. */
static void each_guest_has_an_id_of_its_own(void **state)
{
	uint64_t first = new_guest(), second = new_guest();

	(void)state;
	assert_int_equal(vm_find_guest(machine, first)->client.id, VM_LPAR + 1);
	assert_int_equal(vm_find_guest(machine, second)->client.id, VM_LPAR + 2);
	lpar_call(AP_OP_GUEST_DESTROY, second, 0);
	assert_int_equal(vm_find_guest(machine, new_guest())->client.id, VM_LPAR + 3);
}

/* A destroyed guest that is detached does not count towards the bound. */
static void destroyed_guests_make_room(void **state)
{
	uint64_t number = new_guest(), held = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, held);

	(void)state;
	assert_int_equal(machine->guest_count, 2);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, number, 0), 0);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, held, 0), 0);
	assert_int_equal(machine->guest_count, 1);
	cex_detach(guest);
	assert_int_equal(machine->guest_count, 0);
	for (int i = 0; i < 2 * CEX_GUESTS_MAX; i++)
		assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, new_guest(), 0), 0);
}

static void calls_for_no_guest_fail(void **state)
{
	struct ap_apcb apcb = apcb_of(QUEUE_A);
	uint64_t destroyed = new_guest();

	(void)state;
	lpar_call(AP_OP_GUEST_DESTROY, destroyed, 0);
	assert_int_equal(set_masks(destroyed, &apcb), ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, destroyed, 0), ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, destroyed, 0), ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, destroyed, 0), ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, 0, 0), ENOENT);
}

/* What the LPAR is told rests upon its being kept. */
static void what_the_lpar_does_has_a_revision(void **state)
{
	const struct ap_apcb apcb = apcb_of(QUEUE_A);
	uint64_t before = cex_revision(machine), number = new_guest();

	(void)state;
	assert_true(cex_vm_revision(lpar) > before);
	before = cex_vm_revision(lpar);
	assert_int_equal(set_masks(number, &apcb), 0);
	assert_true(cex_vm_revision(lpar) > before);
	before = cex_vm_revision(lpar);
	lpar_call(AP_OP_GUEST_DESTROY, number, 0);
	assert_true(cex_vm_revision(lpar) > before);
}

static void a_destroyed_guest_is_interrupted_by_nothing(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	cex_watch(guest, &guests);
	give(number, QUEUE_A);
	assert_int_equal(switch_irq(guest, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	lpar_call(AP_OP_GUEST_DESTROY, number, 0);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status & AP_STATUS_IRQ_ENABLED);
	cex_detach(guest);
}

/* What a guest saw of the queues that leave it or come may be otherwise. */
static void a_guest_that_watches_sees_its_apcb_change(void **state)
{
	uint64_t number = new_guest(), before;
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	memset(&guests, 0, sizeof(guests));
	cex_watch(guest, &guests);
	before = *AP_CHANGES_OF(&guests, QUEUE_A);
	give(number, QUEUE_A);
	assert_int_not_equal(*AP_CHANGES_OF(&guests, QUEUE_A), before);
	before = *AP_CHANGES_OF(&guests, QUEUE_A);
	take_all(number);
	assert_int_not_equal(*AP_CHANGES_OF(&guests, QUEUE_A), before);
	cex_detach(guest);
}

/* An LPAR whose control program is gone carries out nothing; its guests are gone with it. */
static void an_lpar_that_is_reset_has_no_guests_and_does_not_listen(void **state)
{
	uint64_t number, second;
	struct cex_vm *guest = intercepted_guest(&number);

	(void)state;
	second = new_guest();
	assert_true(machine->listening);
	cex_reset(lpar);
	assert_false(machine->listening);
	assert_null(vm_find_guest(machine, number));
	assert_null(vm_find_guest(machine, second));
	is_not_available(guest, QUEUE_A);
	assert_int_equal(machine->guest_count, 1);
	cex_detach(guest);
	cex_listen(lpar);
	assert_true(machine->listening);
}

/* Of two that reach the queue, whose AQIC it is. */
static void an_aqic_is_that_of_the_guest_that_waits_for_it(void **state)
{
	uint64_t number, other;
	struct cex_vm *guest = intercepted_guest(&number);

	(void)state;
	other = new_guest();
	give(other, QUEUE_A);
	assert_null(guest_intercepted(machine, QUEUE_A));
	guest_aqic(guest, IR_BIT);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), 0);
	assert_ptr_equal(guest_intercepted(machine, QUEUE_A), guest);
	assert_null(guest_intercepted(machine, QUEUE_B));
	take_all(number);
	assert_null(guest_intercepted(machine, QUEUE_A));
	cex_detach(guest);
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
		POINT(a_number_is_neither_0_nor_another_guests),
		POINT(without_random_numbers_there_is_no_guest),
		POINT(each_guest_has_an_id_of_its_own),
		POINT(destroyed_guests_make_room),
		POINT(calls_for_no_guest_fail),
		POINT(what_the_lpar_does_has_a_revision),
		POINT(a_destroyed_guest_is_interrupted_by_nothing),
		POINT(a_guest_that_watches_sees_its_apcb_change),
		POINT(an_lpar_that_is_reset_has_no_guests_and_does_not_listen),
		POINT(an_aqic_is_that_of_the_guest_that_waits_for_it),
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
