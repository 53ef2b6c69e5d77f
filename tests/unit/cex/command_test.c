// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include <pthread.h>

#include "cex/command.c"

#define T_BIT		(UINT64_C(1) << 23)
#define SPECIAL_BIT	(UINT64_C(1) << 22)

static void qci_shows_the_whole_machine(void **state)
{
	struct ap_result result = on_queue(lpar, AP_OP_QCI, 0);
	struct ap_qci expected = {
		.flags = { AP_QCI_APSC | AP_QCI_APXA | AP_QCI_QACT |
			   AP_QCI_RC8A },
		.na = 255,
		.nd = 255,
	};

	(void)state;
	ap_mask_set(&expected.apcb.apm, 4);
	ap_mask_set(&expected.apcb.apm, 5);
	ap_mask_set(&expected.apcb.aqm, 4);
	ap_mask_set(&expected.apcb.aqm, 0x47);
	expected.apcb.adm = expected.apcb.aqm;
	assert_int_equal(result.length, 128);
	assert_int_equal(result.check, 0);
	assert_memory_equal(out, &expected, sizeof(expected));
}

static void tapq_tells_the_adapter(void **state)
{
	struct ap_result result;

	(void)state;
	result = execute(lpar, (struct ap_command){ .op = AP_OP_TAPQ,
		.apqn = QUEUE_B, .arg[0] = T_BIT }, NULL);
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	/* M C A N F; type 14, highest domain 255, ML 3, depth 8 */
	assert_int_equal(result.value, 0x6a8000000eff0307);
	result = execute(lpar, (struct ap_command){ .op = AP_OP_TAPQ,
		.apqn = QUEUE_A, .arg[0] = T_BIT }, NULL);
	/* A CEX4 does not show N. */
	assert_int_equal(result.value, 0x688000000aff0307);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_B).value,
			 0x000000000e000007);
}

static void qact_maps_to_a_known_type(void **state)
{
	struct ap_command command = { .op = AP_OP_QACT, .apqn = QUEUE_A };

	(void)state;
	command.arg[0] = UINT64_C(2) << 58 | 14 << 24;
	assert_int_equal(execute(lpar, command, NULL).value,
			 UINT64_C(2) << 58 | 10 << 24);
	command.apqn = QUEUE_B;
	command.arg[0] = UINT64_C(2) << 58 | 12 << 24;
	assert_int_equal(execute(lpar, command, NULL).value, command.arg[0]);
	command.arg[0] = UINT64_C(4) << 58 | 12 << 24;
	assert_int_equal(execute(lpar, command, NULL).value, 0);
}

static void what_is_not_there_is_not_available(void **state)
{
	(void)state;
	is_not_available(lpar, AP_APQN(4, 5));
	is_not_available(lpar, AP_APQN(6, 4));
	is_not_available(lpar, AP_APQN(255, 255));
	is_not_available(lpar, 0);
}

static void lengths_are_checked(void **state)
{
	static const uint16_t apqns[] = { QUEUE_A, AP_APQN(9, 9) };
	static const uint8_t noise[3 * 4096 + 1];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ap_command command = { .op = AP_OP_NQAP,
					      .apqn = apqns[i] };

		assert_int_equal(execute(lpar, command, noise).check,
				 AP_CHECK_SPECIFICATION);
		command.length = sizeof(noise);
		assert_int_equal(execute(lpar, command, noise).check,
				 AP_CHECK_SPECIFICATION);
		command.length = sizeof(noise) - 1;
		assert_int_equal(execute(lpar, command, noise).check, 0);
		assert_int_equal(dequeue(lpar, apqns[i], 0).check,
				 AP_CHECK_SPECIFICATION);
		assert_int_equal(dequeue(lpar, apqns[i], 12289).check,
				 AP_CHECK_SPECIFICATION);
		assert_int_equal(dequeue(lpar, apqns[i], 12288).check, 0);
	}
}

/* Messages of a CEX8 coprocessor are twice as long as those of a CEX7. */
static void lengths_depend_on_the_type(void **state)
{
	static const uint8_t noise[6 * 4096 + 1];
	struct cex_machine *other = cex_machine_new(1);
	struct cex_vm *vm;

	(void)state;
	cex_add_adapter(other, 7, "CEX7C");
	cex_add_adapter(other, 8, "CEX8C");
	cex_add_domain(other, 4);
	vm = cex_attach_lpar(other);
	for (unsigned int adapter = 7; adapter <= 8; adapter++) {
		uint32_t longest = (adapter == 8 ? 6 : 3) * 4096;
		struct ap_command command = {
			.op = AP_OP_NQAP, .apqn = AP_APQN(adapter, 4),
			.length = longest,
		};

		assert_int_equal(execute(vm, command, noise).check, 0);
		command.length++;
		assert_int_equal(execute(vm, command, noise).check,
				 AP_CHECK_SPECIFICATION);
		assert_int_equal(dequeue(vm, command.apqn, longest).check, 0);
		assert_int_equal(dequeue(vm, command.apqn, longest + 1).check,
				 AP_CHECK_SPECIFICATION);
	}
	cex_detach(vm);
	cex_machine_free(other);
}

static void unknown_commands_are_refused(void **state)
{
	(void)state;
	for (unsigned int op = 0; op <= UINT16_MAX; op++) {
		bool known = (op >= AP_OP_TAPQ && op <= AP_OP_DQAP) ||
			     op == AP_OP_RESET || op == AP_OP_CPACF ||
			     op == AP_OP_TAKEN ||
			     (op >= AP_OP_GUEST_CREATE &&
			      op <= AP_OP_MEASURE);

		if (!known)
			assert_int_equal(on_queue(lpar, op, QUEUE_A).check,
					 AP_CHECK_OPERATION);
	}
}

static void each_vm_is_told_its_wrapping_key(void **state)
{
	struct cex_vm *guest = cex_attach_guest(machine, new_guest());
	struct ap_result result = on_queue(lpar, AP_OP_CPACF, 0);
	uint8_t key[32];

	(void)state;
	assert_int_equal(result.check, 0);
	assert_int_equal(result.length, sizeof(key));
	memcpy(key, out, sizeof(key));
	assert_int_equal(on_queue(guest, AP_OP_CPACF, 0).length, sizeof(key));
	assert_memory_not_equal(key, out, sizeof(key));
	on_queue(lpar, AP_OP_CPACF, 0);
	assert_memory_equal(key, out, sizeof(key));
	cex_detach(guest);
}

static void an_accelerator_has_no_special_commands(void **state)
{
	struct ap_result result;

	(void)state;
	result = execute(lpar, (struct ap_command){ .op = AP_OP_NQAP,
		.apqn = QUEUE_A, .arg[0] = SPECIAL_BIT, .length = 1 }, "");
	assert_int_equal(rc_of(result), AP_RC_REQ_FAC_NOT_INST);
	assert_true(result.status & AP_STATUS_QUEUE_EMPTY);
}

static void a_request_is_answered(void **state)
{
	struct ap_result result;

	(void)state;
	result = enqueue(lpar, QUEUE_A, 0x1122334455667788);
	assert_int_equal(result.status, 0);
	EVENTUALLY(!rc_of(result = dequeue(lpar, QUEUE_A, 12288)));
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(result.psmid, 0x1122334455667788);
	assert_int_equal(result.value, 0);
	assert_int_equal(result.length, 16 + 128);
	assert_int_equal(out[1], 0x80);
	assert_int_equal(out[16 + 127], 8);
	result = dequeue(lpar, QUEUE_A, 12288);
	assert_int_equal(rc_of(result), AP_RC_NO_PENDING_REPLY);
	assert_int_equal(result.length, 0);
}

static void a_reply_is_taken_in_parts(void **state)
{
	struct ap_result result;

	(void)state;
	enqueue(lpar, QUEUE_A, 77);
	EVENTUALLY(!rc_of(result = dequeue(lpar, QUEUE_A, 100)));
	assert_int_equal(result.length, 100);
	assert_int_equal(result.value, 44);
	assert_int_equal(result.psmid, 0);
	assert_int_equal(result.status, AP_STATUS_REPLIES_WAITING);
	result = dequeue(lpar, QUEUE_A, 100);
	assert_int_equal(result.length, 44);
	assert_int_equal(result.value, 0);
	assert_int_equal(result.psmid, 77);
	assert_int_equal(out[43], 8);
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
}

static void a_bad_request_gets_an_error_reply(void **state)
{
	struct ap_result result;

	(void)state;
	result = execute(lpar, (struct ap_command){ .op = AP_OP_NQAP,
		.apqn = QUEUE_A, .psmid = 5, .length = 5 }, "hello");
	assert_int_equal(rc_of(result), AP_RC_NORMAL);
	EVENTUALLY(!rc_of(result = dequeue(lpar, QUEUE_A, 12288)));
	assert_int_equal(result.length, 8);
	assert_int_equal(result.psmid, 5);
	assert_int_equal(out[1], 0x82);
	assert_int_equal(out[4], 0x40);
}

static void aqic_is_kept(void **state)
{
	struct ap_command command = { .op = AP_OP_AQIC, .apqn = QUEUE_A,
				      .arg = { IR_BIT, 0 } };

	(void)state;
	assert_int_equal(rc_of(execute(lpar, command, NULL)),
			 AP_RC_INVALID_ADDRESS);
	command.arg[1] = 0x1000;
	assert_int_equal(rc_of(execute(lpar, command, NULL)), AP_RC_NORMAL);
	assert_true(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		    AP_STATUS_IRQ_ENABLED);
	assert_int_equal(rc_of(execute(lpar, command, NULL)),
			 AP_RC_OTHERWISE_CHANGED);
	zeroize_queue(lpar, QUEUE_A);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		     AP_STATUS_IRQ_ENABLED);
	command.arg[0] = 0;
	assert_int_equal(rc_of(execute(lpar, command, NULL)),
			 AP_RC_OTHERWISE_CHANGED);
}

static void lpar_calls_are_for_the_lpar_only(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct ap_apcb apcb = apcb_of(QUEUE_A);

	(void)state;
	assert_int_equal(on_queue(guest, AP_OP_GUEST_CREATE, 0).value, 0);
	assert_int_equal(execute(guest, (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = number,
		.length = sizeof(apcb) }, &apcb).value, ENODEV);
	assert_int_equal(execute(guest, (struct ap_command){
		.op = AP_OP_GUEST_DESTROY, .arg[0] = number }, NULL).value,
		ENODEV);
	is_not_available(guest, QUEUE_A);
	cex_detach(guest);
}

static void lpar_calls_name_a_guest(void **state)
{
	struct ap_apcb apcb = apcb_of(QUEUE_A);
	uint64_t number = new_guest();

	(void)state;
	assert_int_equal(set_masks(number + 1, &apcb), ENOENT);
	assert_int_equal(set_masks(0, &apcb), ENOENT);
	for (uint32_t length = 0; length < sizeof(apcb); length += 5)
		assert_int_equal(execute(lpar, (struct ap_command){
			.op = AP_OP_GUEST_MASKS, .arg[0] = number,
			.length = length }, &apcb).value, EINVAL);
}

/*
 * The guest asks, the LPAR enables interruptions, and the guest is interrupted.
 */
static void a_guests_aqic_is_decided_by_its_lpar(void **state)
{
	uint32_t told = watched.interruptions[AP_INTERCEPTS], count;
	struct ap_intercept registers;
	struct ap_result result;
	struct cex_vm *guest;
	uint64_t number;

	(void)state;
	guest = intercepted_guest(&number);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), ENODATA);
	assert_int_equal(guest_aqic(guest, IR_BIT | 6).value, 1);
	assert_int_equal(watched.interruptions[AP_INTERCEPTS], told + 1);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT | AP_AQIC_GISA), AP_RC_BUSY);

	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), 0);
	memcpy(&registers, out, sizeof(registers));
	assert_int_equal(registers.gr[0], 0x03000000 | QUEUE_A);
	assert_int_equal(registers.gr[1], IR_BIT | 6);
	assert_int_equal(registers.gr[2], 0x2000);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT | AP_AQIC_GISA), AP_RC_NORMAL);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, number, AP_STATUS_QUEUE_EMPTY), 0);
	result = guest_aqic(guest, IR_BIT | 6);
	assert_int_equal(result.value, 0);
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	assert_true(on_queue(guest, AP_OP_TAPQ, QUEUE_A).status & AP_STATUS_IRQ_ENABLED);

	count = guests.interruptions[QUEUE_A];
	told = watched.bell;
	enqueue(guest, QUEUE_A, 1);
	EVENTUALLY(guests.interruptions[QUEUE_A] == count + 1);
	assert_int_equal(watched.bell, told);
	cex_detach(guest);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status & AP_STATUS_IRQ_ENABLED);
}

/*
 * An AQIC for a queue that the guest does not reach is not intercepted, so
 * there is nothing to fetch or to answer; nor is there of any other guest.
 */
static void what_is_not_intercepted(void **state)
{
	struct cex_vm *guest;
	uint64_t number;

	(void)state;
	guest = intercepted_guest(&number);
	take_all(number);
	assert_int_equal(rc_of(guest_aqic(guest, IR_BIT)), AP_RC_Q_NOT_AVAIL);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), ENODATA);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, number, 0), ENODATA);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number + 1, 0), ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, number + 1, 0), ENOENT);
	assert_int_equal(on_queue(guest, AP_OP_GUEST_LISTEN, 0).value, ENODEV);
	assert_int_equal(on_queue(guest, AP_OP_GUEST_INTERCEPT, 0).value, ENODEV);
}

/*
 * A queue leaves the APCB while the guest waits for its AQIC. That has ended for
 * the guest, whose next one is intercepted at once.
 */
static void an_aqic_of_a_queue_that_leaves_has_ended(void **state)
{
	struct cex_vm *guest;
	uint64_t number;

	(void)state;
	guest = intercepted_guest(&number);
	assert_int_equal(guest_aqic(guest, IR_BIT | 6).value, 1);
	take_all(number);
	assert_int_equal(rc_of(guest_aqic(guest, IR_BIT | 6)), AP_RC_Q_NOT_AVAIL);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), ENODATA);
	give(number, QUEUE_A);
	assert_int_equal(guest_aqic(guest, 0).value, 1);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), 0);
	cex_detach(guest);
}

/* A guest that does not collect the answer delays its own CPUs, and no other guest. */
static void an_aqic_that_nobody_collects_delays_no_other_guest(void **state)
{
	const struct ap_command aqic = { .op = AP_OP_AQIC, .apqn = QUEUE_B,
					 .arg = { IR_BIT | 5, 0x2000 } };
	uint64_t number, other_number = new_guest();
	struct cex_vm *guest, *other;

	(void)state;
	guest = intercepted_guest(&number);
	other = cex_attach_guest(machine, other_number);
	cex_watch(other, &guests);
	zeroize_queue(lpar, QUEUE_B);
	give(other_number, QUEUE_B);
	assert_int_equal(guest_aqic(guest, IR_BIT | 6).value, 1);
	assert_int_equal(guest_aqic(guest, 0).value, 1);

	assert_int_equal(execute(other, aqic, NULL).value, 1);
	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, other_number, 0), 0);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, other_number, 0), 0);
	assert_int_equal(execute(other, aqic, NULL).value, 0);
	assert_int_equal(guest_aqic(guest, 0).value, 1);
	cex_detach(other);
	cex_detach(guest);
}

/* Both VMs execute every command at once, under TSan and ASan. */
static void *hammer(void *vm)
{
	uint8_t reply[AP_MESSAGE_MAX], request[REQUEST_SIZE];
	uint64_t noise = (uintptr_t)vm;
	struct ap_result result;

	fill_request(request);
	for (int i = 0; i < 20000; i++) {
		struct ap_command command = { 0 };

		noise = noise * 6364136223846793005u + 1442695040888963407u;
		command.op = 1 + (noise >> 33) % 8;
		command.apqn = noise >> 40 & 1 ? QUEUE_A : QUEUE_B;
		command.arg[0] = 1 + (noise >> 50);
		if (command.op == AP_OP_NQAP || (noise >> 60) < 12) {
			command.op = noise >> 45 & 1 ? AP_OP_NQAP : AP_OP_DQAP;
			command.length = sizeof(request);
		}
		cex_execute(vm, &command, request, &result, reply);
	}
	return NULL;
}

static void everything_at_once(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	pthread_t thread[4];

	(void)state;
	cex_set_reset_time(machine, QUEUE_A, 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, hammer,
						i % 2 ? guest : lpar), 0);
	for (int i = 0; i < 2000; i++) {
		give(number, i % 3 ? QUEUE_A : QUEUE_B);
		(i % 5 ? cex_configure : cex_deconfigure)(machine, 5);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	EVENTUALLY(!rc_of(on_queue(lpar, AP_OP_ZAPQ, QUEUE_A)));
	EVENTUALLY(!rc_of(enqueue(lpar, QUEUE_A, 99)));
	EVENTUALLY(!rc_of(dequeue(lpar, QUEUE_A, 12288)));
	assert_int_equal(out[16 + 127], 8);
	cex_detach(guest);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(qci_shows_the_whole_machine),
		POINT(tapq_tells_the_adapter),
		POINT(qact_maps_to_a_known_type),
		POINT(what_is_not_there_is_not_available),
		POINT(lengths_are_checked),
		POINT(lengths_depend_on_the_type),
		POINT(each_vm_is_told_its_wrapping_key),
		POINT(unknown_commands_are_refused),
		POINT(an_accelerator_has_no_special_commands),
		POINT(a_request_is_answered),
		POINT(a_reply_is_taken_in_parts),
		POINT(a_bad_request_gets_an_error_reply),
		POINT(aqic_is_kept),
		POINT(lpar_calls_are_for_the_lpar_only),
		POINT(lpar_calls_name_a_guest),
		POINT(a_guests_aqic_is_decided_by_its_lpar),
		POINT(an_aqic_that_nobody_collects_delays_no_other_guest),
		POINT(what_is_not_intercepted),
		POINT(an_aqic_of_a_queue_that_leaves_has_ended),
		POINT(everything_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
