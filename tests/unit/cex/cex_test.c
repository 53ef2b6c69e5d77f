// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "cex/cex.h"

#define QUEUE_A		AP_APQN(4, 4)
#define QUEUE_B		AP_APQN(5, 0x47)
#define T_BIT		(UINT64_C(1) << 23)
#define SPECIAL_BIT	(UINT64_C(1) << 22)
#define IR_BIT		(UINT64_C(1) << 47)
#define REQUEST_SIZE	400

static struct cex_machine *machine;
static struct cex_vm *lpar;
static uint8_t out[AP_MESSAGE_MAX];

static int setup(void **state)
{
	(void)state;
	machine = cex_machine_new(2);
	if (!machine || cex_add_domain(machine, 4) ||
	    cex_add_adapter(machine, 4, "CEX4A") ||
	    cex_add_adapter(machine, 5, "CEX8A") ||
	    cex_add_domain(machine, 0x47))
		return -1;
	lpar = cex_attach_lpar(machine);
	return lpar ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cex_detach(lpar);
	cex_machine_free(machine);
	return 0;
}

static struct ap_result execute(struct cex_vm *vm, struct ap_command command,
				const void *in)
{
	struct ap_result result;

	memset(&result, 0xee, sizeof(result));
	cex_execute(vm, &command, in, &result, out);
	return result;
}

static struct ap_result on_queue(struct cex_vm *vm, enum ap_op op,
				 uint16_t apqn)
{
	return execute(vm, (struct ap_command){ .op = op, .apqn = apqn }, NULL);
}

static struct ap_result dqap(struct cex_vm *vm, uint16_t apqn, size_t room)
{
	return execute(vm, (struct ap_command){
		.op = AP_OP_DQAP, .apqn = apqn, .arg[0] = room }, NULL);
}

/* MEB1: 2^3 mod 35 */
static void fill_request(uint8_t *request)
{
	memset(request, 0, REQUEST_SIZE);
	request[1] = 0x50;
	request[2] = REQUEST_SIZE >> 8;
	request[3] = REQUEST_SIZE & 0xff;
	request[9] = 1;
	request[16 + 127] = 3;
	request[16 + 255] = 35;
	request[16 + 383] = 2;
}

static struct ap_result nqap(struct cex_vm *vm, uint16_t apqn, uint64_t psmid)
{
	uint8_t request[REQUEST_SIZE];

	fill_request(request);
	return execute(vm, (struct ap_command){ .op = AP_OP_NQAP, .apqn = apqn,
		.psmid = psmid, .length = sizeof(request) }, request);
}

static uint8_t rc_of(struct ap_result result)
{
	return AP_STATUS_RC(result.status);
}

/* Ten seconds, polled every 100 microseconds. */
#define EVENTUALLY(condition)						\
	do {								\
		const struct timespec pause = { 0, 100000 };		\
		int tries = 100000;					\
									\
		while (!(condition) && --tries)				\
			nanosleep(&pause, NULL);			\
		assert_true(tries);					\
	} while (0)

static void zeroize(struct cex_vm *vm, uint16_t apqn)
{
	assert_int_equal(rc_of(on_queue(vm, AP_OP_ZAPQ, apqn)), AP_RC_NORMAL);
	assert_int_equal(rc_of(on_queue(vm, AP_OP_TAPQ, apqn)),
			 AP_RC_RESET_IN_PROGRESS);
	EVENTUALLY(!rc_of(on_queue(vm, AP_OP_TAPQ, apqn)));
}

static uint64_t create_guest(void)
{
	uint64_t guest = on_queue(lpar, AP_OP_GUEST_CREATE, 0).value;

	assert_true(guest);
	return guest;
}

static uint64_t set_apcb(uint64_t guest, const struct ap_apcb *apcb)
{
	return execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_MASKS,
		.arg[0] = guest, .length = sizeof(*apcb) }, apcb).value;
}

static struct ap_apcb apcb_of(uint16_t apqn)
{
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, AP_ADAPTER(apqn));
	ap_mask_set(&apcb.aqm, AP_DOMAIN(apqn));
	return apcb;
}

static void give(uint64_t guest, uint16_t apqn)
{
	struct ap_apcb apcb = apcb_of(apqn);

	assert_int_equal(set_apcb(guest, &apcb), 0);
}

static void take_all(uint64_t guest)
{
	struct ap_apcb none = { 0 };

	assert_int_equal(set_apcb(guest, &none), 0);
}

static void a_machine_takes_what_exists(void **state)
{
	struct cex_machine *m = cex_machine_new(1);

	(void)state;
	assert_int_equal(cex_add_adapter(m, 256, "CEX8A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX3A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX9A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX8"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX8AA"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, ""), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 255, "CEX6A"), 0);
	assert_int_equal(cex_add_adapter(m, 255, "CEX6A"), -EEXIST);
	assert_int_equal(cex_add_domain(m, 256), -EINVAL);
	assert_int_equal(cex_add_domain(m, 255), 0);
	assert_int_equal(cex_add_domain(m, 255), -EEXIST);
	cex_machine_free(m);
	assert_int_equal(cex_add_adapter(machine, 9, "CEX8A"), -EBUSY);
	assert_int_equal(cex_add_domain(machine, 9), -EBUSY);
}

static void qci_shows_the_whole_machine(void **state)
{
	struct ap_result result = on_queue(lpar, AP_OP_QCI, 0);
	struct ap_qci expected = {
		.flags = { AP_QCI_APSC | AP_QCI_APXA | AP_QCI_QACT },
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
	assert_int_equal(result.value, 0x6a8000000aff0307);
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

static void is_not_available(struct cex_vm *vm, uint16_t apqn)
{
	static const enum ap_op ops[] = { AP_OP_TAPQ, AP_OP_RAPQ, AP_OP_ZAPQ,
					  AP_OP_AQIC, AP_OP_QACT };
	const uint32_t not_available = AP_STATUS_OF_RC(AP_RC_Q_NOT_AVAIL);
	const struct ap_result nothing = { .status = not_available };
	struct ap_result result;

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		result = on_queue(vm, ops[i], apqn);
		assert_memory_equal(&result, &nothing, sizeof(nothing));
	}
	result = nqap(vm, apqn, 1);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
	result = dqap(vm, apqn, 4096);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
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
		assert_int_equal(dqap(lpar, apqns[i], 0).check,
				 AP_CHECK_SPECIFICATION);
		assert_int_equal(dqap(lpar, apqns[i], 12289).check,
				 AP_CHECK_SPECIFICATION);
		assert_int_equal(dqap(lpar, apqns[i], 12288).check, 0);
	}
}

static void unknown_commands_are_refused(void **state)
{
	(void)state;
	for (unsigned int op = 0; op <= UINT16_MAX; op++) {
		bool known = (op >= AP_OP_TAPQ && op <= AP_OP_DQAP) ||
			     op == AP_OP_RESET ||
			     (op >= AP_OP_GUEST_CREATE &&
			      op <= AP_OP_DECONFIGURE);

		if (!known)
			assert_int_equal(on_queue(lpar, op, QUEUE_A).check,
					 AP_CHECK_OPERATION);
	}
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
	result = nqap(lpar, QUEUE_A, 0x1122334455667788);
	assert_int_equal(result.status, 0);
	EVENTUALLY(!rc_of(result = dqap(lpar, QUEUE_A, 12288)));
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(result.psmid, 0x1122334455667788);
	assert_int_equal(result.value, 0);
	assert_int_equal(result.length, 16 + 128);
	assert_int_equal(out[1], 0x80);
	assert_int_equal(out[16 + 127], 8);
	result = dqap(lpar, QUEUE_A, 12288);
	assert_int_equal(rc_of(result), AP_RC_NO_PENDING_REPLY);
	assert_int_equal(result.length, 0);
}

static void a_reply_is_taken_in_parts(void **state)
{
	struct ap_result result;

	(void)state;
	nqap(lpar, QUEUE_A, 77);
	EVENTUALLY(!rc_of(result = dqap(lpar, QUEUE_A, 100)));
	assert_int_equal(result.length, 100);
	assert_int_equal(result.value, 44);
	assert_int_equal(result.psmid, 0);
	assert_int_equal(result.status, AP_STATUS_REPLIES_WAITING);
	result = dqap(lpar, QUEUE_A, 100);
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
	EVENTUALLY(!rc_of(result = dqap(lpar, QUEUE_A, 12288)));
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
	zeroize(lpar, QUEUE_A);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		     AP_STATUS_IRQ_ENABLED);
	command.arg[0] = 0;
	assert_int_equal(rc_of(execute(lpar, command, NULL)),
			 AP_RC_OTHERWISE_CHANGED);
}

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
	uint64_t number = create_guest();
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
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct ap_apcb apcb = { 0 };

	(void)state;
	on_queue(guest, AP_OP_QCI, 0);
	assert_memory_equal(&((struct ap_qci *)out)->apcb, &apcb,
			    sizeof(apcb));
	is_not_available(guest, QUEUE_A);
	apcb = apcb_of(QUEUE_A);
	ap_mask_set(&apcb.adm, 0x47);
	assert_int_equal(set_apcb(number, &apcb), 0);
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
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, AP_APQN(200, 200));
	on_queue(guest, AP_OP_QCI, 0);
	assert_memory_equal(&((struct ap_qci *)out)->apcb, &none, sizeof(none));
	is_not_available(guest, AP_APQN(200, 200));
	cex_detach(guest);
}

static void lpar_calls_are_the_lpars(void **state)
{
	uint64_t number = create_guest();
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
	uint64_t number = create_guest();

	(void)state;
	assert_int_equal(set_apcb(number + 1, &apcb), ENOENT);
	assert_int_equal(set_apcb(0, &apcb), ENOENT);
	for (uint32_t length = 0; length < sizeof(apcb); length += 5)
		assert_int_equal(execute(lpar, (struct ap_command){
			.op = AP_OP_GUEST_MASKS, .arg[0] = number,
			.length = length }, &apcb).value, EINVAL);
}

static void a_destroyed_guest_reaches_nothing(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_DESTROY,
					   .arg[0] = number }, NULL);
	is_not_available(guest, QUEUE_A);
	assert_true(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		    AP_STATUS_QUEUE_EMPTY);
	cex_detach(guest);
}

static void an_lpar_takes_its_guests_with_it(void **state)
{
	uint64_t number = create_guest(), waiting = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	cex_detach(lpar);
	is_not_available(guest, QUEUE_A);
	assert_null(cex_attach_guest(machine, waiting));
	lpar = cex_attach_lpar(machine);
	assert_int_equal(set_apcb(number, &(struct ap_apcb){ 0 }), ENOENT);
	is_not_available(guest, QUEUE_A);
	cex_detach(guest);
}

static void a_dead_vms_requests_are_dropped(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	for (int i = 0; i < 8; i++)
		assert_int_equal(rc_of(nqap(guest, QUEUE_A, i)), 0);
	cex_detach(guest);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status,
			 AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(rc_of(dqap(lpar, QUEUE_A, 4096)),
			 AP_RC_NO_PENDING_REPLY);
	give(create_guest(), QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

static void from_the_host_to_a_guest(void **state)
{
	uint64_t clean = create_guest(), dirty = create_guest();

	(void)state;
	nqap(lpar, QUEUE_A, 1);
	nqap(lpar, QUEUE_B, 1);
	zeroize(lpar, QUEUE_A);
	give(clean, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	give(dirty, QUEUE_B);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	/* It was counted when it came into force; it stays in force. */
	give(dirty, QUEUE_B);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

static void from_a_guest_to_the_host(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	take_all(number);
	zeroize(lpar, QUEUE_A);
	nqap(lpar, QUEUE_A, 2);
	zeroize(lpar, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);

	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	take_all(number);
	on_queue(lpar, AP_OP_TAPQ, QUEUE_A);
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	EVENTUALLY(!rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_A)));
	assert_int_equal(cex_dirty_handovers(machine), 0);
	nqap(lpar, QUEUE_A, 2);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	cex_detach(guest);
}

static void a_guest_gets_its_own_back(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	take_all(number);
	give(number, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_detach(guest);
}

static void a_mask_during_a_zapq_is_dirty(void **state)
{
	(void)state;
	nqap(lpar, QUEUE_A, 1);
	cex_set_reset_time(machine, QUEUE_A, UINT64_MAX);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_A);
	give(create_guest(), QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

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
	assert_int_equal(rc_of(nqap(lpar, QUEUE_B, 1)), AP_RC_CHECKSTOPPED);
	assert_int_equal(cex_configure(machine, 5), 0);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_B, 1)), 0);
	assert_int_equal(cex_set_fault(machine, QUEUE_B, FAULT_BUSY, 1), 0);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_B, 1)), AP_RC_BUSY);
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
		nqap(lpar, QUEUE_B, i);
	nqap(lpar, QUEUE_A, 42);
	cex_deconfigure(machine, 5);
	cex_configure(machine, 5);
	assert_int_equal(on_queue(lpar, AP_OP_TAPQ, QUEUE_B).status,
			 AP_STATUS_QUEUE_EMPTY);
	EVENTUALLY(!rc_of(dqap(lpar, QUEUE_A, 12288)));
}

static uint64_t configure(struct cex_vm *vm, enum ap_op op, uint64_t adapter)
{
	return execute(vm, (struct ap_command){ .op = op, .arg[0] = adapter },
		       NULL).value;
}

static void an_lpar_configures_its_adapters(void **state)
{
	struct cex_vm *guest = cex_attach_guest(machine, create_guest());

	(void)state;
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), EALREADY);
	assert_int_equal(configure(lpar, AP_OP_DECONFIGURE, 5), 0);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_B, 1)), AP_RC_DECONFIGURED);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(configure(lpar, AP_OP_DECONFIGURE, 5), EALREADY);
	assert_int_equal(configure(guest, AP_OP_CONFIGURE, 5), ENODEV);
	assert_int_equal(configure(lpar, AP_OP_CONFIGURE, 5), 0);
	assert_int_equal(configure(guest, AP_OP_DECONFIGURE, 5), ENODEV);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_B, 1)), AP_RC_NORMAL);
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

static struct ap_apcb qci_of(struct cex_vm *vm)
{
	struct ap_qci info;

	assert_int_equal(on_queue(vm, AP_OP_QCI, 0).length, sizeof(info));
	memcpy(&info, out, sizeof(info));
	return info.apcb;
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
	assert_int_equal(rc_of(nqap(lpar, QUEUE_A, 1)), AP_RC_Q_NOT_AVAIL);
	cex_profile_adapter(machine, 5, true);
	cex_profile_domain(machine, 4, true);
	apcb = qci_of(lpar);
	assert_true(ap_mask_test(&apcb.apm, 5));
	assert_true(ap_mask_test(&apcb.adm, 4));
	assert_int_equal(rc_of(nqap(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(cex_profile_adapter(machine, 6, false), -ENODEV);
	assert_int_equal(cex_profile_adapter(machine, 256, true), -ENODEV);
	assert_int_equal(cex_profile_domain(machine, 5, true), -ENODEV);
	assert_int_equal(cex_profile_domain(machine, 256, true), -ENODEV);
}

/* A guest whose APCB goes on naming it loses it, and gets it back by itself. */
static void a_guest_loses_what_leaves_the_profile(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct cex_queue_info info;
	struct ap_apcb apcb;

	(void)state;
	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	cex_profile_domain(machine, 4, false);
	apcb = qci_of(guest);
	assert_false(ap_mask_test(&apcb.aqm, 4));
	assert_int_equal(rc_of(dqap(guest, QUEUE_A, 512)), AP_RC_Q_NOT_AVAIL);
	cex_queue_info(machine, QUEUE_A, &info);
	assert_int_equal(info.state, CEX_REMOVED);
	assert_int_equal(info.pending, 0);
	assert_int_equal(info.user, 1);
	cex_profile_domain(machine, 4, true);
	assert_int_equal(rc_of(dqap(guest, QUEUE_A, 512)),
			 AP_RC_NO_PENDING_REPLY);
	assert_int_equal(rc_of(nqap(guest, QUEUE_A, 2)), AP_RC_NORMAL);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_detach(guest);
}

/* It is as dirty as it was, whoever has it when it comes back. */
static void what_comes_back_is_still_dirty(void **state)
{
	uint64_t first = create_guest(), second = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, first);

	(void)state;
	give(first, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	cex_profile_adapter(machine, 4, false);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_ZAPQ, QUEUE_A)),
			 AP_RC_Q_NOT_AVAIL);
	take_all(first);
	give(second, QUEUE_A);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	cex_profile_adapter(machine, 4, true);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	nqap(lpar, QUEUE_A, 2);
	assert_int_equal(cex_dirty_handovers(machine), 2);
	cex_detach(guest);
}

/* The type of the next reply, or 0; @result is what DQAP said. */
static uint8_t reply_type(uint16_t apqn, struct ap_result *result)
{
	EVENTUALLY(rc_of(*result = dqap(lpar, apqn, 512)) !=
		   AP_RC_NO_PENDING_REPLY ||
		   result->status & AP_STATUS_QUEUE_EMPTY);
	return rc_of(*result) ? 0 : out[1];
}

static void faults_strike_as_often_as_told(void **state)
{
	struct ap_result result;

	(void)state;
	cex_set_fault(machine, QUEUE_A, FAULT_FULL, 1);
	result = nqap(lpar, QUEUE_A, 1);
	assert_int_equal(result.status, AP_STATUS_OF_RC(AP_RC_Q_FULL) |
			 AP_STATUS_QUEUE_FULL | AP_STATUS_QUEUE_EMPTY);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_TYPE, 1);
	assert_int_equal(rc_of(nqap(lpar, QUEUE_A, 1)), AP_RC_NORMAL);
	assert_int_equal(reply_type(QUEUE_A, &result), 0xff);
	nqap(lpar, QUEUE_A, 2);
	assert_int_equal(reply_type(QUEUE_A, &result), 0x80);
	assert_int_equal(result.psmid, 2);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, FAULT_ALWAYS);
	for (int i = 0; i < 3; i++) {
		nqap(lpar, QUEUE_A, 3);
		assert_int_equal(reply_type(QUEUE_A, &result), 0);
	}
	nqap(lpar, QUEUE_B, 4);
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

static void an_observer_sees_who_uses_a_queue(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct cex_queue_info info;

	(void)state;
	assert_int_equal(cex_queue_info(machine, QUEUE_A, &info), 0);
	assert_string_equal(info.type, "CEX4A");
	assert_true(info.clean);
	assert_int_equal(info.owner, 0);
	give(number, QUEUE_A);
	nqap(guest, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dqap(guest, QUEUE_A, 4096)));
	cex_queue_info(machine, QUEUE_A, &info);
	assert_int_equal(info.state, CEX_OPERATING);
	assert_int_equal(info.owner, 1);
	assert_int_equal(info.user, 1);
	assert_false(info.clean);
	assert_int_equal(info.served, 1);
	assert_int_equal(info.reset_ms, 2);
	cex_detach(guest);
}

/* Every command of both VMs at once; TSan and ASan judge. */
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

static void a_new_lpar_gets_clean_queues(void **state)
{
	struct cex_vm *guest;
	uint64_t number = create_guest();

	(void)state;
	give(number, QUEUE_A);
	guest = cex_attach_guest(machine, number);
	assert_int_equal(rc_of(nqap(guest, QUEUE_A, 1)), AP_RC_NORMAL);
	cex_detach(guest);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_A)),
			 AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(rc_of(on_queue(lpar, AP_OP_TAPQ, QUEUE_B)), AP_RC_NORMAL);
	EVENTUALLY(!rc_of(nqap(lpar, QUEUE_A, 1)));
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

static struct ap_changes watched;

/* Whether the count of @apqn has grown since it was last asked for. */
static bool has_changed(uint16_t apqn)
{
	static uint64_t seen[AP_CHANGES];
	uint64_t count = *AP_CHANGES_OF(&watched, apqn);
	bool changed = count != seen[apqn % AP_CHANGES];

	seen[apqn % AP_CHANGES] = count;
	return changed;
}

static void a_vm_can_watch_instead_of_polling(void **state)
{
	uint64_t before;

	(void)state;
	cex_watch(lpar, &watched);
	has_changed(QUEUE_A);
	has_changed(QUEUE_B);

	on_queue(lpar, AP_OP_TAPQ, QUEUE_A);
	dqap(lpar, QUEUE_A, 512);
	assert_false(has_changed(QUEUE_A));
	before = *AP_CHANGES_OF(&watched, QUEUE_A);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(*AP_CHANGES_OF(&watched, QUEUE_A) - before == 2);
	assert_true(has_changed(QUEUE_A));
	assert_int_equal(rc_of(dqap(lpar, QUEUE_A, 512)), AP_RC_NORMAL);
	assert_true(has_changed(QUEUE_A));
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	assert_true(has_changed(QUEUE_A));
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 1);
	assert_true(has_changed(QUEUE_A));
	cex_deconfigure(machine, AP_ADAPTER(QUEUE_A));
	assert_true(has_changed(QUEUE_A));
	cex_configure(machine, AP_ADAPTER(QUEUE_A));
	assert_true(has_changed(QUEUE_A));
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 0);
	assert_true(has_changed(QUEUE_A));
	assert_false(has_changed(QUEUE_B));

	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), false);
	assert_true(has_changed(QUEUE_A));
	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), true);
	assert_true(has_changed(QUEUE_A));
}

/* A request that gets lost is a change, as one that is answered would be. */
static void a_lost_reply_is_a_change(void **state)
{
	uint64_t before;

	(void)state;
	cex_watch(lpar, &watched);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, 1);
	before = *AP_CHANGES_OF(&watched, QUEUE_A);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status ==
		   AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(*AP_CHANGES_OF(&watched, QUEUE_A) - before, 2);
}

/* A guest's count tells of what it reaches, and nothing else. */
static void a_guest_watches_its_own_queues(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	cex_watch(guest, &watched);
	has_changed(QUEUE_A);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_A);
	assert_false(has_changed(QUEUE_A));
	give(number, QUEUE_A);
	assert_true(has_changed(QUEUE_A));
	EVENTUALLY(!rc_of(nqap(guest, QUEUE_A, 1)));
	assert_true(has_changed(QUEUE_A));
	take_all(number);
	assert_true(has_changed(QUEUE_A));
	cex_detach(guest);
	give(number, QUEUE_A);
	assert_false(has_changed(QUEUE_A));
}

static uint8_t aqic(struct cex_vm *vm, uint16_t apqn, uint64_t control)
{
	return rc_of(execute(vm, (struct ap_command){ .op = AP_OP_AQIC, .apqn = apqn,
						      .arg = { control, 0x1000 } }, NULL));
}

static void a_reply_interrupts(void **state)
{
	uint32_t bell = watched.bell, count = watched.interruptions[QUEUE_A];
	uint32_t other = watched.interruptions[QUEUE_B];

	(void)state;
	cex_watch(lpar, &watched);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dqap(lpar, QUEUE_A, 512)));
	assert_int_equal(watched.interruptions[QUEUE_A], count);
	assert_int_equal(aqic(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(watched.interruptions[QUEUE_A] == count + 1);
	assert_int_equal(rc_of(dqap(lpar, QUEUE_A, 512)), AP_RC_NORMAL);
	assert_int_equal(watched.bell, bell + 1);
	assert_int_equal(watched.interruptions[QUEUE_B], other);
	zeroize(lpar, QUEUE_A);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dqap(lpar, QUEUE_A, 512)));
	assert_int_equal(watched.bell, bell + 1);
}

static void a_lost_reply_does_not_interrupt(void **state)
{
	uint32_t count = watched.interruptions[QUEUE_A];

	(void)state;
	cex_watch(lpar, &watched);
	assert_int_equal(aqic(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	cex_set_fault(machine, QUEUE_A, FAULT_REPLY_LOST, 1);
	nqap(lpar, QUEUE_A, 1);
	EVENTUALLY(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		   AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(watched.interruptions[QUEUE_A], count);
	nqap(lpar, QUEUE_A, 2);
	EVENTUALLY(watched.interruptions[QUEUE_A] == count + 1);
}

/* Who switched them on is gone: the queue interrupts nobody. */
/* It is the machine that zeroizes, not software, which a fault could keep from it. */
static void clean_in_the_end(void (*hinder)(void), void (*mend)(void))
{
	struct cex_queue_info info;

	EVENTUALLY(!rc_of(nqap(lpar, QUEUE_B, 1)));
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

static void an_lpar_that_ended_is_not_interrupted(void **state)
{
	(void)state;
	assert_int_equal(aqic(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status &
		     AP_STATUS_IRQ_ENABLED);
}

static struct ap_changes guests;

/* A guest that reaches QUEUE_A, of an LPAR that listens. */
static struct cex_vm *intercepted_guest(uint64_t *number)
{
	struct cex_vm *guest;

	cex_watch(lpar, &watched);
	assert_int_equal(execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_LISTEN,
							    .arg = { 1 } }, NULL).value, 0);
	*number = create_guest();
	guest = cex_attach_guest(machine, *number);
	cex_watch(guest, &guests);
	assert_true(guests.interruptible);
	zeroize(lpar, QUEUE_A);
	give(*number, QUEUE_A);
	return guest;
}

static struct ap_result guest_aqic(struct cex_vm *guest, uint64_t control)
{
	return execute(guest, (struct ap_command){ .op = AP_OP_AQIC, .apqn = QUEUE_A,
						   .arg = { control, 0x2000 } }, NULL);
}

static uint64_t lpar_call(enum ap_op op, uint64_t guest, uint64_t arg)
{
	return execute(lpar, (struct ap_command){ .op = op, .arg = { guest, arg } }, NULL).value;
}

/* The whole way: the guest asks, the LPAR switches on, the guest is interrupted. */
static void a_guests_aqic_takes_the_way_through_its_lpar(void **state)
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
	assert_int_equal(aqic(lpar, QUEUE_A, IR_BIT | AP_AQIC_GISA), AP_RC_BUSY);

	assert_int_equal(lpar_call(AP_OP_GUEST_INTERCEPT, number, 0), 0);
	memcpy(&registers, out, sizeof(registers));
	assert_int_equal(registers.gr[0], 0x03000000 | QUEUE_A);
	assert_int_equal(registers.gr[1], IR_BIT | 6);
	assert_int_equal(registers.gr[2], 0x2000);
	assert_int_equal(aqic(lpar, QUEUE_A, IR_BIT | AP_AQIC_GISA), AP_RC_NORMAL);
	assert_int_equal(lpar_call(AP_OP_GUEST_ANSWER, number, AP_STATUS_QUEUE_EMPTY), 0);
	result = guest_aqic(guest, IR_BIT | 6);
	assert_int_equal(result.value, 0);
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	assert_true(on_queue(guest, AP_OP_TAPQ, QUEUE_A).status & AP_STATUS_IRQ_ENABLED);

	count = guests.interruptions[QUEUE_A];
	told = watched.bell;
	nqap(guest, QUEUE_A, 1);
	EVENTUALLY(guests.interruptions[QUEUE_A] == count + 1);
	assert_int_equal(watched.bell, told);
	cex_detach(guest);
	assert_false(on_queue(lpar, AP_OP_TAPQ, QUEUE_A).status & AP_STATUS_IRQ_ENABLED);
}

/* Nobody is told what is not his business. */
static void what_is_no_intercept(void **state)
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

static void an_lpar_that_does_not_listen_has_guests_without(void **state)
{
	struct cex_vm *guest = cex_attach_guest(machine, create_guest());

	(void)state;
	cex_watch(guest, &guests);
	assert_false(guests.interruptible);
}

/* One queue has a reply, and interrupts @vm. */
static void occupy(struct cex_vm *vm, uint16_t apqn)
{
	EVENTUALLY(!rc_of(nqap(vm, apqn, 1)));
	EVENTUALLY(on_queue(vm, AP_OP_TAPQ, apqn).status & AP_STATUS_REPLIES_WAITING);
	assert_int_equal(aqic(vm, apqn, IR_BIT), AP_RC_NORMAL);
}

/* Its reset takes until now. */
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

static void reset(struct cex_vm *vm)
{
	const struct ap_result nothing = { 0 };
	struct ap_result result;

	cex_set_reset_time(machine, QUEUE_A, UINT64_MAX);
	cex_set_reset_time(machine, QUEUE_B, UINT64_MAX);
	result = on_queue(vm, AP_OP_RESET, 0);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
}

/* All that was for the operating system that is gone, guests included. */
static void an_lpar_that_is_reset_begins_anew(void **state)
{
	struct cex_vm *guest, *other;
	uint64_t number;

	(void)state;
	guest = intercepted_guest(&number);
	EVENTUALLY(!rc_of(nqap(guest, QUEUE_A, 1)));
	occupy(lpar, QUEUE_B);
	has_changed(QUEUE_B);
	reset(lpar);
	assert_true(has_changed(QUEUE_B));
	becomes_clean(lpar, QUEUE_A);
	becomes_clean(lpar, QUEUE_B);
	is_not_available(guest, QUEUE_A);
	assert_int_equal(on_queue(lpar, AP_OP_GUEST_DESTROY, 0).value, ENOENT);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, number, 0), ENOENT);
	other = cex_attach_guest(machine, create_guest());
	cex_watch(other, &guests);
	assert_false(guests.interruptible);
	cex_detach(guest);
	cex_detach(other);
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

/* A guest keeps its APCB. What others have is theirs. */
static void a_guest_that_is_reset_resets_its_own(void **state)
{
	uint64_t number = create_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	occupy(guest, QUEUE_A);
	occupy(lpar, QUEUE_B);
	cex_watch(lpar, &watched);
	has_changed(QUEUE_A);
	reset(guest);
	assert_true(has_changed(QUEUE_A));
	becomes_clean(guest, QUEUE_A);
	is_occupied(lpar, QUEUE_B);
	take_all(number);
	give(number, QUEUE_B);
	take_all(number);
	reset(guest);
	is_occupied(lpar, QUEUE_B);
	cex_detach(guest);
}

static void everything_at_once(void **state)
{
	uint64_t number = create_guest();
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
	EVENTUALLY(!rc_of(nqap(lpar, QUEUE_A, 99)));
	EVENTUALLY(!rc_of(dqap(lpar, QUEUE_A, 12288)));
	assert_int_equal(out[16 + 127], 8);
	cex_detach(guest);
}

static void a_machine_ends_with_work_to_do(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		nqap(lpar, QUEUE_A, i);
		nqap(lpar, QUEUE_B, i);
	}
	cex_machine_free(machine);
	setup(state);
	cex_machine_free(NULL);
	cex_detach(NULL);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_machine_takes_what_exists),
		POINT(qci_shows_the_whole_machine),
		POINT(tapq_tells_the_adapter),
		POINT(qact_maps_to_a_known_type),
		POINT(what_is_not_there_is_not_available),
		POINT(lengths_are_checked),
		POINT(unknown_commands_are_refused),
		POINT(an_accelerator_has_no_special_commands),
		POINT(a_request_is_answered),
		POINT(a_reply_is_taken_in_parts),
		POINT(a_bad_request_gets_an_error_reply),
		POINT(aqic_is_kept),
		POINT(there_is_one_lpar),
		POINT(a_guest_attaches_once),
		POINT(guests_are_bounded),
		POINT(a_guest_sees_its_apcb),
		POINT(masks_name_what_exists_only),
		POINT(lpar_calls_are_the_lpars),
		POINT(lpar_calls_name_a_guest),
		POINT(a_destroyed_guest_reaches_nothing),
		POINT(an_lpar_takes_its_guests_with_it),
		POINT(a_dead_vms_requests_are_dropped),
		POINT(from_the_host_to_a_guest),
		POINT(from_a_guest_to_the_host),
		POINT(a_guest_gets_its_own_back),
		POINT(a_mask_during_a_zapq_is_dirty),
		POINT(faults_are_set_and_ended),
		POINT(a_fault_of_an_adapter_empties_its_queues),
		POINT(an_lpar_configures_its_adapters),
		POINT(what_leaves_the_profile_is_not_there),
		POINT(a_guest_loses_what_leaves_the_profile),
		POINT(what_comes_back_is_still_dirty),
		POINT(faults_strike_as_often_as_told),
		POINT(faults_name_what_exists),
		POINT(an_observer_sees_who_uses_a_queue),
		POINT(a_new_lpar_gets_clean_queues),
		POINT(nothing_keeps_a_new_lpar_from_clean_queues),
		POINT(a_vm_can_watch_instead_of_polling),
		POINT(a_lost_reply_is_a_change),
		POINT(a_guest_watches_its_own_queues),
		POINT(a_reply_interrupts),
		POINT(a_lost_reply_does_not_interrupt),
		POINT(an_lpar_that_ended_is_not_interrupted),
		POINT(a_guests_aqic_takes_the_way_through_its_lpar),
		POINT(what_is_no_intercept),
		POINT(an_lpar_that_does_not_listen_has_guests_without),
		POINT(an_lpar_that_is_reset_begins_anew),
		POINT(a_guest_that_is_reset_resets_its_own),
		POINT(everything_at_once),
		POINT(a_machine_ends_with_work_to_do),
	};

	return cmocka_run_group_tests_name("cex", tests, NULL, NULL);
}
