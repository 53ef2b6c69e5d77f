// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/vm.c"

static void is_found_by_its_id(void **state)
{
	struct cex_vm *first = cex_attach_guest(machine, new_guest());
	struct cex_vm *second = cex_attach_guest(machine, new_guest());

	(void)state;
	assert_ptr_equal(vm_find(machine, VM_LPAR), lpar);
	assert_ptr_equal(vm_find(machine, VM_LPAR + 1), first);
	assert_ptr_equal(vm_find(machine, VM_LPAR + 2), second);
	assert_null(vm_find(machine, VM_LPAR + 3));
	assert_null(vm_find(machine, 0));
	assert_int_equal(cex_vm_index(lpar), 0);
	assert_int_equal(cex_vm_index(second), 2);
	cex_detach(first);
	cex_detach(second);
}

static void a_guest_is_found_by_its_number_until_it_is_destroyed(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	assert_ptr_equal(vm_find_guest(machine, number), guest);
	assert_int_equal(cex_guest_number(guest), number);
	assert_int_equal(cex_guest_number(lpar), 0);
	assert_null(vm_find_guest(machine, 0));
	lpar_call(AP_OP_GUEST_DESTROY, number, 0);
	assert_null(vm_find_guest(machine, number));
	assert_ptr_equal(vm_find(machine, guest->client.id), guest);
	cex_detach(guest);
	assert_null(vm_find(machine, VM_LPAR + 1));
	assert_int_equal(machine->guest_count, 0);
}

static void has_what_apcb_and_profile_name(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	assert_true(vm_reaches(lpar, QUEUE_A));
	assert_non_null(vm_queue(lpar, QUEUE_A));
	assert_false(vm_reaches(guest, QUEUE_A));
	give(number, QUEUE_A);
	assert_true(vm_reaches(guest, QUEUE_A));
	assert_ptr_equal(vm_queue(guest, QUEUE_A), vm_queue(lpar, QUEUE_A));
	assert_null(vm_queue(guest, QUEUE_B));
	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), false);
	assert_false(vm_reaches(guest, QUEUE_A));
	assert_false(vm_reaches(lpar, QUEUE_A));
	give(number, AP_APQN(9, 9));
	assert_null(vm_queue(guest, AP_APQN(9, 9)));
	cex_detach(guest);
}

static void controls_what_its_adm_names(void **state)
{
	const struct adapter *adapter = machine->adapter[4];
	uint64_t number = new_guest();
	struct ap_apcb apcb = apcb_of(QUEUE_A);

	(void)state;
	ap_mask_set(&apcb.adm, 0x47);
	ap_mask_set(&apcb.adm, 9);
	assert_int_equal(set_masks(number, &apcb), 0);
	assert_ptr_equal(vm_controlled(machine, VM_LPAR + 1, adapter, 0x47),
			 &adapter->queue[0x47]->domain);
	assert_null(vm_controlled(machine, VM_LPAR + 1, adapter, 4));
	assert_null(vm_controlled(machine, VM_LPAR + 1, adapter, 9));
	assert_null(vm_controlled(machine, VM_LPAR + 1, adapter, 0x100));
	assert_null(vm_controlled(machine, VM_LPAR + 1, adapter, 0x147));
	assert_null(vm_controlled(machine, VM_LPAR + 2, adapter, 0x47));
	assert_ptr_equal(vm_controlled(machine, VM_LPAR, adapter, 4),
			 &adapter->queue[4]->domain);
	cex_profile_domain(machine, 4, false);
	assert_null(vm_controlled(machine, VM_LPAR, adapter, 4));
}

/*
 * Requests are also dropped from queues that the APCB does not name any more.
 */
static void drops_all_that_it_enqueued(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct cex_queue_info info;

	(void)state;
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	assert_int_equal(switch_irq(guest, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	give(number, QUEUE_B);
	enqueue(guest, QUEUE_B, 2);
	take_all(number);
	enqueue(lpar, QUEUE_B, 3);
	cex_detach(guest);
	cex_queue_info(machine, QUEUE_A, &info);
	assert_int_equal(info.pending, 0);
	assert_int_equal(machine_queue(machine, QUEUE_A)->irq, 0);
	cex_queue_info(machine, QUEUE_B, &info);
	assert_int_equal(info.pending, 1);
}

/* Adapters and domains are numbered from 0. */
static void has_adapter_0_and_controls_domain_0(void **state)
{
	struct ap_apcb apcb = apcb_of(AP_APQN(0, 0));
	struct cex_machine *whole = machine;
	struct cex_vm *guest, *whole_lpar = lpar;
	uint64_t number, before;

	(void)state;
	machine = cex_machine_new(1);
	assert_int_equal(cex_add_adapter(machine, 0, "CEX8C"), 0);
	assert_int_equal(cex_add_domain(machine, 0), 0);
	lpar = cex_attach_lpar(machine);
	number = new_guest();
	guest = cex_attach_guest(machine, number);
	ap_mask_set(&apcb.adm, 0);
	is_not_available(guest, AP_APQN(0, 0));
	assert_null(vm_controlled(machine, VM_LPAR + 1, machine->adapter[0], 0));
	cex_watch(guest, &guests);
	before = *AP_CHANGES_OF(&guests, AP_APQN(0, 0));
	assert_int_equal(set_masks(number, &apcb), 0);
	assert_true(*AP_CHANGES_OF(&guests, AP_APQN(0, 0)) > before);
	assert_int_equal(rc_of(enqueue(guest, AP_APQN(0, 0), 1)), AP_RC_NORMAL);
	assert_ptr_equal(vm_controlled(machine, VM_LPAR, machine->adapter[0], 0),
			 &machine->adapter[0]->queue[0]->domain);
	assert_ptr_equal(vm_controlled(machine, VM_LPAR + 1, machine->adapter[0], 0),
			 &machine->adapter[0]->queue[0]->domain);
	assert_int_equal(lpar_call(AP_OP_DECONFIGURE, 0, 0), 0);
	assert_int_equal(rc_of(on_queue(guest, AP_OP_TAPQ, AP_APQN(0, 0))), AP_RC_DECONFIGURED);
	cex_detach(guest);
	cex_detach(lpar);
	cex_machine_free(machine);
	machine = whole;
	lpar = whole_lpar;
}

static void keeps_its_holder(void **state)
{
	const struct cex_holder nobody = { { 0 } }, holder = { "somebody" };
	struct cex_holder told = cex_holder(lpar);
	uint64_t before = cex_revision(machine);

	(void)state;
	assert_memory_equal(&told, &nobody, sizeof(told));
	cex_set_holder(lpar, &holder);
	told = cex_holder(lpar);
	assert_memory_equal(&told, &holder, sizeof(told));
	assert_true(cex_vm_revision(lpar) > before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(is_found_by_its_id),
		POINT(a_guest_is_found_by_its_number_until_it_is_destroyed),
		POINT(has_what_apcb_and_profile_name),
		POINT(controls_what_its_adm_names),
		POINT(has_adapter_0_and_controls_domain_0),
		POINT(drops_all_that_it_enqueued),
		POINT(keeps_its_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
