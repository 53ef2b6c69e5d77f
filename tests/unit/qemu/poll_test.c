// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
/*
 * Polls that a VM answers itself, compared with a real machine: for any
 * sequence of actions of the LPAR, a guest that shares a queue with it, the
 * operator and the workers, the answer is that of the machine at the same time.
 */
#include "tests/unit/cex/machine.h"

#include "qemu/watch.c"
#include "tests/unit/seeded.h"

#define ACTIONS	100000
#define VMS	2

struct poller {
	struct cex_vm *vm;
	struct ap_changes page;
	struct watch watch;
	unsigned int asked, spared;
};

static struct poller pollers[VMS];
static uint64_t guest_number;
static uint64_t clock_now;

static void attach(struct poller *poller, struct cex_vm *vm)
{
	poller->vm = vm;
	cex_watch(vm, &poller->page);
	poller->watch.changes = &poller->page;
}

/* Compare the VM's own answer with the machine's, which is asked after that. */
static void compare(struct poller *poller, const struct ap_command *command,
		    const struct ap_result *own)
{
	struct poll *poll = &poller->watch.poll[command->apqn % AP_CHANGES];
	struct ap_result result = execute(poller->vm, *command, NULL);

	/*
	 * A worker may have finished between the two; that has been counted
	 * then.
	 */
	if (count_of(&poller->watch, command->apqn) != poll->count) {
		poll->time = 0;
		return;
	}
	assert_int_equal(result.check, 0);
	assert_int_equal(result.status, own->status);
	assert_int_equal(result.length, own->length);
	assert_int_equal(result.value, own->value);
	poller->spared++;
}

static void poll_queue(struct poller *poller, uint16_t apqn)
{
	static const uint64_t rooms[] = { 512, 512, 512, 100, 7, 0, 1 << 20 };
	const struct ap_command command = {
		.op = AP_OP_DQAP,
		.apqn = apqn,
		.arg[0] = rooms[seeded_below(sizeof(rooms) / sizeof(rooms[0]))],
	};
	struct ap_result result;

	poller->asked++;
	if (watch_answer(&poller->watch, &command, clock_now, &result)) {
		compare(poller, &command, &result);
		return;
	}
	watch_before(&poller->watch, &command, clock_now);
	result = execute(poller->vm, command, NULL);
	watch_after(&poller->watch, &command, &result);
}

static void operate(uint16_t apqn)
{
	unsigned int adapter = AP_ADAPTER(apqn);

	switch (seeded_below(8)) {
	case 0:
		cex_deconfigure(machine, adapter);
		break;
	case 1:
		cex_checkstop(machine, adapter);
		break;
	case 2:
		cex_profile_adapter(machine, adapter, seeded_below(2));
		break;
	case 3:
		cex_set_fault(machine, apqn, seeded_below(FAULTS), seeded_below(3));
		break;
	case 4:
		if (seeded_below(2))
			give(guest_number, QUEUE_A);
		else
			take_all(guest_number);
		break;
	default:
		cex_profile_adapter(machine, adapter, true);
		cex_configure(machine, adapter);
		give(guest_number, QUEUE_A);
	}
}

static void act(void)
{
	struct poller *poller = &pollers[seeded_below(VMS)];
	uint16_t apqn = seeded_below(3) ? QUEUE_A : QUEUE_B;

	clock_now += seeded_below(1000) * 1000;
	switch (seeded_below(64)) {
	case 0:
		on_queue(poller->vm, AP_OP_RAPQ, apqn);
		break;
	case 1:
		on_queue(poller->vm, AP_OP_ZAPQ, apqn);
		break;
	case 2:
		operate(apqn);
		break;
	case 3:
		switch_irq(poller->vm, apqn, seeded_below(2) ? IR_BIT : 0);
		break;
	case 4:
		on_queue(poller->vm, AP_OP_TAPQ, apqn);
		break;
	case 5 ... 16:
		enqueue(poller->vm, apqn, 1);
		break;
	default:
		for (unsigned int i = 0; i < 4; i++)
			poll_queue(poller, apqn);
	}
}

static void a_vm_answers_as_the_machine_does(void **state)
{
	(void)state;
	cex_set_reset_time(machine, QUEUE_A, 1000);
	cex_set_reset_time(machine, QUEUE_B, 1000);
	guest_number = new_guest();
	attach(&pollers[0], lpar);
	attach(&pollers[1], cex_attach_guest(machine, guest_number));
	give(guest_number, QUEUE_A);
	clock_now = 1;
	for (unsigned int i = 0; i < ACTIONS; i++)
		act();
	for (unsigned int i = 0; i < VMS; i++) {
		print_message("%u of %u polls were not sent\n", pollers[i].spared,
			      pollers[i].asked);
		assert_in_range(pollers[i].spared, 1000, pollers[i].asked);
	}
	cex_detach(pollers[1].vm);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_vm_answers_as_the_machine_does, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
