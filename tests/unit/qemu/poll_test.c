// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
/*
 * DQAPs that a VM answers itself, compared with a real machine: for any sequence
 * of actions of the LPAR, a guest that shares a queue with it, the operator and
 * the workers, the answer is that of the machine at the same time. Every reply
 * is received once at most.
 */
#include "tests/unit/cex/machine.h"

#include "qemu/taking.c"
#include "qemu/watch.c"
#include "tests/unit/seeded.h"

#define ACTIONS	100000
#define VMS	2

struct poller {
	struct cex_vm *vm;
	struct link_memory page;
	struct watch watch;
	struct taking taking;
	unsigned int unsaid[2];		/* taken from each queue, and not said */
	unsigned int asked, spared, took;
};

static struct poller pollers[VMS];
static uint64_t guest_number;
static uint64_t clock_now;
static uint64_t last_psmid;
static bool received[ACTIONS + 1];

static void attach(struct poller *poller, struct cex_vm *vm)
{
	poller->vm = vm;
	cex_watch(vm, &poller->page.changes);
	cex_show(vm, &poller->page.shelf);
	poller->watch.changes = &poller->page.changes;
	taking_open(&poller->taking, &poller->page.shelf);
}

static unsigned int *unsaid_of(struct poller *poller, uint16_t apqn)
{
	return &poller->unsaid[apqn == QUEUE_B];
}

/* Execute a command as the VM does, which says what it has taken. */
static struct ap_result ask(struct poller *poller, struct ap_command command)
{
	struct ap_result result;

	command.taken = poller->taking.taken;
	memset(poller->unsaid, 0, sizeof(poller->unsaid));
	result = execute(poller->vm, command, NULL);
	taking_said(&poller->taking, clock_now);
	return result;
}

/* Receive the last part of a reply; faults change its psmid. */
static void receive(const struct ap_result *result)
{
	uint64_t psmid = result->psmid;

	if (result->check || AP_STATUS_RC(result->status) || result->value)
		return;
	if (psmid > ACTIONS)
		psmid = ~psmid;
	assert_in_range(psmid, 1, last_psmid);
	assert_false(received[psmid]);
	received[psmid] = true;
}

/* Compare the VM's own answer with the machine's, which is asked after that. */
static void compare(struct poller *poller, const struct ap_command *command,
		    const struct ap_result *own)
{
	struct poll *poll = &poller->watch.poll[command->apqn % AP_CHANGES];
	uint64_t count = poll->count + *unsaid_of(poller, command->apqn);
	struct ap_result result = ask(poller, *command);

	receive(&result);
	/*
	 * A worker may have finished between the two; that has been counted
	 * then, as each reply is that the VM has taken.
	 */
	if (count_of(&poller->watch, command->apqn) != count) {
		poll->time = 0;
		return;
	}
	assert_int_equal(result.check, 0);
	assert_int_equal(result.status, own->status);
	assert_int_equal(result.length, own->length);
	assert_int_equal(result.value, own->value);
	poller->spared++;
}

/*
 * Have the machine answer what the VM has answered by its shelf, so that it is
 * as if the VM had asked.
 */
static void compare_taking(struct poller *poller, const struct ap_command *command,
			   const struct ap_result *own, const uint8_t *bytes)
{
	struct poll *poll = &poller->watch.poll[command->apqn % AP_CHANGES];
	struct ap_result result = execute(poller->vm, *command, NULL);

	if (count_of(&poller->watch, command->apqn) == poll->count) {
		assert_memory_equal(&result, own, sizeof(result));
		assert_memory_equal(out, bytes, result.length);
		poller->took++;
	}
	receive(&result);
	poller->taking.taken = 0;
	watch_after(&poller->watch, command, &result);
}

/* Return whether the VM has answered by its shelf. */
static bool take(struct poller *poller, const struct ap_command *command)
{
	static uint8_t bytes[AP_MESSAGE_MAX];
	bool has_taken = poller->taking.taken;
	struct ap_result result;

	if (!taking_answer(&poller->taking, command, clock_now, &result, bytes))
		return false;
	if (!has_taken && seeded_below(2)) {
		compare_taking(poller, command, &result, bytes);
		return true;
	}
	receive(&result);
	*unsaid_of(poller, command->apqn) += result.length != 0;
	watch_after(&poller->watch, command, &result);
	return true;
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
	if (take(poller, &command))
		return;
	result = ask(poller, command);
	receive(&result);
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

	unsigned int action = seeded_below(64);

	clock_now += seeded_below(1000) * 1000;
	if (action <= 16)
		ask(poller, (struct ap_command){ .op = AP_OP_TAKEN });
	switch (action) {
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
		enqueue(poller->vm, apqn, ++last_psmid);
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
		print_message("%u of %u polls were not sent, and %u were by the shelf\n",
			      pollers[i].spared, pollers[i].asked, pollers[i].took);
		assert_in_range(pollers[i].took, 10, pollers[i].asked);
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
