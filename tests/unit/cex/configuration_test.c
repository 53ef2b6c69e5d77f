// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/configuration.c"

static void faults_are_set_and_ended(void **state)
{
	(void)state;
	assert_int_equal(cex_deconfigure(machine, 5), 0);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)),
			 AP_RC_DECONFIGURED);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_B).value,
			 0x0e000007);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_A)), 0);
	assert_int_equal(cex_checkstop(machine, 5), 0);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_B, 1)), AP_RC_CHECKSTOPPED);
	assert_int_equal(cex_configure(machine, 5), 0);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_B, 1)), 0);
	assert_int_equal(cex_set_fault(machine, QUEUE_B, FAULT_BUSY, 1), 0);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_B, 1)), AP_RC_BUSY);
	assert_int_equal(cex_set_fault(machine, QUEUE_B, FAULT_BUSY, 0), 0);
	assert_int_equal(cex_set_reset_time(machine, QUEUE_B, UINT64_MAX), 0);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_B);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)),
			 AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(cex_set_reset_time(machine, QUEUE_B, 0), 0);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)), 0);
}

static void a_fault_of_an_adapter_empties_its_queues(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		enqueue(lpar, QUEUE_B, i);
	enqueue(lpar, QUEUE_A, 42);
	cex_deconfigure(machine, 5);
	cex_configure(machine, 5);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_B).status,
			 AP_STATUS_QUEUE_EMPTY);
	EVENTUALLY(!rc_of(dequeue(lpar, QUEUE_A, 12288)));
}

static uint64_t configure(struct cex_vm *vm, enum ap_op op, uint64_t adapter)
{
	return execute(vm, (struct ap_command){ .op = op, .arg[0] = adapter },
		       NULL).value;
}

static void an_lpar_configures_its_adapters(void **state)
{
	struct cex_vm *guest = cex_attach_guest(machine, new_guest());

	(void)state;
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), EALREADY);
	assert_int_equal(configure(lpar, AP_OP_DECONFIGURE, 5), 0);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_B, 1)), AP_RC_DECONFIGURED);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(configure(lpar, AP_OP_DECONFIGURE, 5), EALREADY);
	assert_int_equal(configure(guest, AP_OP_CONFIGURE, 5), ENODEV);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), 0);
	assert_int_equal(configure(guest, AP_OP_DECONFIGURE, 5), ENODEV);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_B, 1)), AP_RC_NORMAL);
	cex_checkstop(machine, 5);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), EALREADY);
	assert_int_equal(configure(lpar, AP_OP_DECONFIGURE, 5), 0);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 6), ENODEV);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 1 << 20), ENODEV);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, UINT64_C(5) | UINT64_C(1) << 32), ENODEV);
	cex_profile_adapter(machine, 5, false);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), ENODEV);
	cex_detach(guest);
}

static void what_leaves_the_profile_is_not_there(void **state)
{
	struct ap_apcb apcb;

	(void)state;
	assert_int_equal(cex_profile_adapter(machine, 5, false), 0);
	apcb = qci_of(lpar);
	assert_false(ap_mask_test(&apcb.apm, 5));
	assert_true(ap_mask_test(&apcb.apm, 4));
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)),
			 AP_RC_Q_NOT_AVAIL);
	assert_int_equal(cex_profile_domain(machine, 4, false), 0);
	apcb = qci_of(lpar);
	assert_false(ap_mask_test(&apcb.aqm, 4));
	assert_false(ap_mask_test(&apcb.adm, 4));
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_Q_NOT_AVAIL);
	cex_profile_adapter(machine, 5, true);
	cex_profile_domain(machine, 4, true);
	apcb = qci_of(lpar);
	assert_true(ap_mask_test(&apcb.apm, 5));
	assert_true(ap_mask_test(&apcb.adm, 4));
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(cex_profile_adapter(machine, 6, false), -ENODEV);
	assert_int_equal(cex_profile_adapter(machine, 256, true), -ENODEV);
	assert_int_equal(cex_profile_domain(machine, 5, true), -ENODEV);
	assert_int_equal(cex_profile_domain(machine, 256, true), -ENODEV);
}

/*
 * A guest whose APCB still names the adapter loses it, and has it again as soon
 * as it is back in the profile.
 */
static void a_guest_loses_what_leaves_the_profile(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct cex_queue_info info;
	struct ap_apcb apcb;

	(void)state;
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	cex_profile_domain(machine, 4, false);
	apcb = qci_of(guest);
	assert_false(ap_mask_test(&apcb.aqm, 4));
	assert_int_equal(rc_of(dequeue(guest, QUEUE_A, 512)), AP_RC_Q_NOT_AVAIL);
	cex_queue_info(machine, QUEUE_A, &info);
	assert_int_equal(info.state, CEX_REMOVED);
	assert_int_equal(info.pending, 0);
	assert_int_equal(info.user, 1);
	cex_profile_domain(machine, 4, true);
	assert_int_equal(rc_of(dequeue(guest, QUEUE_A, 512)),
			 AP_RC_NO_PENDING_REPLY);
	assert_int_equal(rc_of(enqueue(guest, QUEUE_A, 2)), AP_RC_NORMAL);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_detach(guest);
}

/* The queue is as dirty as it was, whichever VM has it when it comes back. */
static void what_comes_back_is_still_dirty(void **state)
{
	uint64_t first = new_guest(), second = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, first);

	(void)state;
	give(first, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	cex_profile_adapter(machine, 4, false);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_ZAPQ, QUEUE_A)),
			 AP_RC_Q_NOT_AVAIL);
	take_all(first);
	give(second, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_profile_adapter(machine, 4, true);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	enqueue(lpar, QUEUE_A, 2);
	assert_int_equal(cex_dirty_handovers(machine), 2);
	cex_detach(guest);
}

/*
 * Return the type of the next reply, or 0 if there is none. @result is that of
 * the DQAP.
 */
static uint8_t reply_type(uint16_t apqn, struct ap_result *result)
{
	EVENTUALLY(rc_of(*result = dequeue(lpar, apqn, 512)) !=
		   AP_RC_NO_PENDING_REPLY ||
		   result->status & AP_STATUS_QUEUE_EMPTY);
	return rc_of(*result) ? 0 : out[1];
}

static void faults_strike_as_often_as_set(void **state)
{
	struct ap_result result;

	(void)state;
	cex_set_fault(machine, QUEUE_A, FAULT_FULL, 1);
	result = enqueue(lpar, QUEUE_A, 1);
	assert_int_equal(result.status, AP_STATUS_OF_RC(AP_RC_Q_FULL) |
			 AP_STATUS_QUEUE_FULL | AP_STATUS_QUEUE_EMPTY);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_TYPE, 1);
	assert_int_equal(rc_of(enqueue(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(reply_type(QUEUE_A, &result), 0xff);
	enqueue(lpar, QUEUE_A, 2);
	assert_int_equal(reply_type(QUEUE_A, &result), 0x80);
	assert_int_equal(result.psmid, 2);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, FAULT_ALWAYS);
	for (int i = 0; i < 3; i++) {
		enqueue(lpar, QUEUE_A, 3);
		assert_int_equal(reply_type(QUEUE_A, &result), 0);
	}
	enqueue(lpar, QUEUE_B, 4);
	assert_int_equal(reply_type(QUEUE_B, &result), 0x80);
}

static void faults_name_what_exists(void **state)
{
	struct cex_queue_info info;

	(void)state;
	assert_int_equal(cex_configure(machine, 6), -ENODEV);
	assert_int_equal(cex_deconfigure(machine, 256), -ENODEV);
	assert_int_equal(cex_checkstop(machine, 7), -ENODEV);
	assert_int_equal(cex_set_fault(machine, 0, FAULT_BUSY, 1), -ENODEV);
	assert_int_equal(cex_set_reset_time(machine, 0, 1), -ENODEV);
	assert_int_equal(cex_queue_info(machine, 0, &info), -ENODEV);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(faults_are_set_and_ended),
		POINT(a_fault_of_an_adapter_empties_its_queues),
		POINT(an_lpar_configures_its_adapters),
		POINT(what_leaves_the_profile_is_not_there),
		POINT(a_guest_loses_what_leaves_the_profile),
		POINT(what_comes_back_is_still_dirty),
		POINT(faults_strike_as_often_as_set),
		POINT(faults_name_what_exists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
