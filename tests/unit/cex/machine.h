/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine for tests, and what VMs do there. It has the accelerators 04 and
 * 05, the domains 4 and 47, and an attached LPAR.
 */
#ifndef TESTS_CEX_MACHINE_H
#define TESTS_CEX_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "cex/cex.h"

#define QUEUE_A		AP_APQN(4, 4)
#define QUEUE_B		AP_APQN(5, 0x47)
#define IR_BIT		(UINT64_C(1) << 47)
#define REQUEST_SIZE	400

static struct cex_machine *machine;
static struct cex_vm *lpar;
static uint8_t out[AP_MESSAGE_MAX];

/*
 * Assert that @condition holds within ten seconds; it is polled every 100 us.
 */
#define EVENTUALLY(condition)						\
	do {								\
		const struct timespec pause = { 0, 100000 };		\
		int tries = 100000;					\
									\
		while (!(condition) && --tries)				\
			nanosleep(&pause, NULL);			\
		assert_true(tries);					\
	} while (0)

static inline int setup(void **state)
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

static inline int teardown(void **state)
{
	(void)state;
	cex_detach(lpar);
	cex_machine_free(machine);
	return 0;
}

static inline struct ap_result execute(struct cex_vm *vm, struct ap_command command,
				const void *in)
{
	struct ap_result result;

	memset(&result, 0xee, sizeof(result));
	cex_execute(vm, &command, in, &result, out);
	return result;
}

static inline struct ap_result on_queue(struct cex_vm *vm, enum ap_op op,
				 uint16_t apqn)
{
	return execute(vm, (struct ap_command){ .op = op, .apqn = apqn }, NULL);
}

static inline struct ap_result dequeue(struct cex_vm *vm, uint16_t apqn, size_t room)
{
	return execute(vm, (struct ap_command){
		.op = AP_OP_DQAP, .apqn = apqn, .arg[0] = room }, NULL);
}

/* MEB1: 2^3 mod 35 */
static inline void fill_request(uint8_t *request)
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

static inline struct ap_result enqueue(struct cex_vm *vm, uint16_t apqn, uint64_t psmid)
{
	uint8_t request[REQUEST_SIZE];

	fill_request(request);
	return execute(vm, (struct ap_command){ .op = AP_OP_NQAP, .apqn = apqn,
		.psmid = psmid, .length = sizeof(request) }, request);
}

static inline uint8_t rc_of(struct ap_result result)
{
	return AP_STATUS_RC(result.status);
}

static inline void zeroize_queue(struct cex_vm *vm, uint16_t apqn)
{
	assert_int_equal(rc_of(on_queue(vm, AP_OP_ZAPQ, apqn)), AP_RC_NORMAL);
	assert_int_equal(rc_of(on_queue(vm, AP_OP_TAPQ, apqn)),
			 AP_RC_RESET_IN_PROGRESS);
	EVENTUALLY(!rc_of(on_queue(vm, AP_OP_TAPQ, apqn)));
}

static inline uint64_t new_guest(void)
{
	uint64_t guest = on_queue(lpar, AP_OP_GUEST_CREATE, 0).value;

	assert_true(guest);
	return guest;
}

static inline uint64_t set_masks(uint64_t guest, const struct ap_apcb *apcb)
{
	return execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_MASKS,
		.arg[0] = guest, .length = sizeof(*apcb) }, apcb).value;
}

static inline struct ap_apcb apcb_of(uint16_t apqn)
{
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, AP_ADAPTER(apqn));
	ap_mask_set(&apcb.aqm, AP_DOMAIN(apqn));
	return apcb;
}

static inline void give(uint64_t guest, uint16_t apqn)
{
	struct ap_apcb apcb = apcb_of(apqn);

	assert_int_equal(set_masks(guest, &apcb), 0);
}

static inline void take_all(uint64_t guest)
{
	struct ap_apcb none = { 0 };

	assert_int_equal(set_masks(guest, &none), 0);
}

static inline void is_not_available(struct cex_vm *vm, uint16_t apqn)
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
	result = enqueue(vm, apqn, 1);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
	result = dequeue(vm, apqn, 4096);
	assert_memory_equal(&result, &nothing, sizeof(nothing));
}

static inline struct ap_apcb qci_of(struct cex_vm *vm)
{
	struct ap_qci info;

	assert_int_equal(on_queue(vm, AP_OP_QCI, 0).length, sizeof(info));
	memcpy(&info, out, sizeof(info));
	return info.apcb;
}

/* What @lpar watches, and what a guest watches. */
static struct ap_changes watched, guests;

/* Return whether the count of @apqn has grown since the last call for it. */
static inline bool take_change(uint16_t apqn)
{
	static uint64_t seen[AP_CHANGES];
	uint64_t count = *AP_CHANGES_OF(&watched, apqn);
	bool changed = count != seen[apqn % AP_CHANGES];

	seen[apqn % AP_CHANGES] = count;
	return changed;
}

static inline uint8_t switch_irq(struct cex_vm *vm, uint16_t apqn, uint64_t control)
{
	return rc_of(execute(vm, (struct ap_command){ .op = AP_OP_AQIC, .apqn = apqn,
						      .arg = { control, 0x1000 } }, NULL));
}

/* Return a guest that reaches QUEUE_A. Its LPAR listens. */
static inline struct cex_vm *intercepted_guest(uint64_t *number)
{
	struct cex_vm *guest;

	cex_watch(lpar, &watched);
	assert_int_equal(execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_LISTEN,
							    .arg = { 1 } }, NULL).value, 0);
	*number = new_guest();
	guest = cex_attach_guest(machine, *number);
	cex_watch(guest, &guests);
	assert_true(guests.interruptible);
	zeroize_queue(lpar, QUEUE_A);
	give(*number, QUEUE_A);
	return guest;
}

static inline struct ap_result guest_aqic(struct cex_vm *guest, uint64_t control)
{
	return execute(guest, (struct ap_command){ .op = AP_OP_AQIC, .apqn = QUEUE_A,
						   .arg = { control, 0x2000 } }, NULL);
}

static inline uint64_t lpar_call(enum ap_op op, uint64_t guest, uint64_t arg)
{
	return execute(lpar, (struct ap_command){ .op = op, .arg = { guest, arg } }, NULL).value;
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif /* TESTS_CEX_MACHINE_H */
