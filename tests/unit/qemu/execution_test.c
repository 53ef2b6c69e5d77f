// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/dat.h"
#include "qemu/instruction.h"
#include "qemu/execution.c"

#define PC		0x10000
#define RAPQ		(1ull << 24)
#define AQIC		(3ull << 24)

/* vCPUs whose registers are variables, with storage up to end_of_storage */
static struct vcpu {
	struct cpu cpu;
	uint64_t gr[16];
	uint64_t psw;
	uint16_t check;
	unsigned int cc;
} vcpus[2];

static uint64_t end_of_storage;

/* The last store to storage */
static struct {
	uint64_t address;
	size_t length;
	uint8_t bytes[AP_MESSAGE_MAX];
} stored;

static uint8_t byte_at(uint64_t address)
{
	return address * 7 % 251;
}

static struct vcpu *vcpu_of(struct cpu *cpu)
{
	return (struct vcpu *)cpu;
}

uint64_t cpu_gr(struct cpu *cpu, unsigned int number)
{
	return vcpu_of(cpu)->gr[number];
}

void cpu_set_gr(struct cpu *cpu, unsigned int number, uint64_t value)
{
	vcpu_of(cpu)->gr[number] = value;
}

uint64_t cpu_psw(struct cpu *cpu)
{
	return vcpu_of(cpu)->psw;
}

void cpu_set_cc(struct cpu *cpu, uint64_t psw, unsigned int cc)
{
	assert_int_equal(psw, vcpu_of(cpu)->psw);
	vcpu_of(cpu)->cc = cc;
}

void check_raise(struct cpu *cpu, uint64_t pc, const struct dat_fault *fault)
{
	assert_int_equal(pc, PC);
	vcpu_of(cpu)->check = fault->code;
}

void check_raise_code(struct cpu *cpu, uint64_t pc, uint16_t code)
{
	check_raise(cpu, pc, &(struct dat_fault){ .code = code });
}

bool storage_exists(struct cpu *cpu, uint64_t address)
{
	(void)cpu;
	return address < end_of_storage;
}

/* Whether the instruction stores to its area, or fetches from it */
static bool is_stored;

bool storage_map(struct cpu *cpu, uint64_t psw, uint64_t address, size_t length,
		 bool store, struct storage_area *area, struct dat_fault *fault)
{
	assert_int_equal(psw, vcpu_of(cpu)->psw);
	assert_int_equal(store, is_stored);
	area->page[0] = address;
	area->length = length;
	fault->code = DAT_ADDRESSING;
	return address + length <= end_of_storage;
}

void storage_fetch(struct cpu *cpu, const struct storage_area *area, uint8_t *to)
{
	(void)cpu;
	for (size_t i = 0; i < area->length; i++)
		to[i] = byte_at(area->page[0] + i);
}

void storage_store(struct cpu *cpu, const struct storage_area *area,
		   const uint8_t *from, size_t length)
{
	(void)cpu;
	assert_true(length <= area->length);
	stored.address = area->page[0];
	stored.length = length;
	memcpy(stored.bytes, from, length);
}

/*
 * The commands that the machine executed, and those that the plugin was told
 * about, in their order
 */
static struct ap_command done[8], told[8];
static unsigned int times_done, times_told;
static bool open;

bool interruption_is_open(void)
{
	return open;
}

uint32_t interruption_before(const struct ap_command *command)
{
	(void)command;
	return 42;
}

void interruption_after(const struct ap_command *command,
			const struct ap_result *result, uint32_t count)
{
	(void)result;
	assert_int_equal(count, 42);
	told[__atomic_fetch_add(&times_told, 1, __ATOMIC_SEQ_CST)] = *command;
}

/*
 * A machine that executes its first command at once, but returns only after the
 * other vCPU has told of its command, or after @slow. AQIC is intercepted
 * @intercepts times.
 */
static unsigned int intercepts;
static uint64_t information;
static unsigned int slow;	/* in milliseconds */
/* The input of the last command, and the answer to all commands but TAPQ */
static uint8_t given[AP_MESSAGE_MAX];
static struct ap_result answer;

static void execute_slowly(struct machine *machine,
			   const struct ap_command *command, const void *in,
			   struct ap_result *result, void *out)
{
	unsigned int turn = __atomic_fetch_add(&times_done, 1, __ATOMIC_SEQ_CST);

	(void)machine;
	done[turn] = *command;
	memcpy(given, in, command->length);
	*result = answer;
	if (command->op == AP_OP_TAPQ)
		*result = (struct ap_result){ .value = information };
	memset(out, 0xab, AP_MESSAGE_MAX);
	if (command->op == AP_OP_AQIC && intercepts) {
		intercepts--;
		result->value = 1;
	}
	for (unsigned int ms = 0; !turn && ms < slow && !__atomic_load_n(&times_told, __ATOMIC_SEQ_CST); ms++)
		g_usleep(1000);
}

static struct machine machine = { .execute = execute_slowly };

static int start(void **state)
{
	(void)state;
	memset(vcpus, 0, sizeof(vcpus));
	times_done = times_told = intercepts = 0;
	information = 0;
	answer = (struct ap_result){ 0 };
	memset(&stored, 0, sizeof(stored));
	machine.is_guest = false;
	is_stored = true;
	for (int i = 0; i < 2; i++) {
		vcpus[i].psw = PSW_EA | PSW_BA;
		vcpus[i].cc = 42;
	}
	end_of_storage = 1 << 20;
	open = true;
	slow = 0;
	return 0;
}

/* Run an instruction, and return whether it is complete. */
static bool run(struct vcpu *vcpu, enum instruction_kind kind, uint64_t gr0)
{
	vcpu->gr[0] = gr0;
	return execution_run(&vcpu->cpu, &machine, PC, kind, 4, 6);
}

static void *run_other(void *gr0)
{
	while (!__atomic_load_n(&times_done, __ATOMIC_SEQ_CST))
		g_usleep(100);
	run(&vcpus[1], INSTRUCTION_PQAP, *(uint64_t *)gr0);
	return NULL;
}

/*
 * Run both instructions, of which the machine answers the first one when the
 * other one has been answered, or after @patience milliseconds.
 */
static void run_both(uint64_t first, uint64_t second, unsigned int patience)
{
	pthread_t other;

	slow = patience;
	vcpus[0].gr[1] = AP_AQIC_ENABLE;
	vcpus[0].gr[2] = 0x1000;
	assert_int_equal(pthread_create(&other, NULL, run_other, &second), 0);
	run(&vcpus[0], INSTRUCTION_PQAP, first);
	pthread_join(other, NULL);
}

/*
 * The machine and the plugin enable and disable interruptions in the same
 * order.
 */
static void interruptions_are_switched_in_order(void **state)
{
	static const uint64_t functions[] = { AQIC, RAPQ, RAPQ << 1 };

	for (size_t i = 0; i < 3; i++) {
		start(state);
		run_both(AQIC | 0x0504, functions[i] | 0x0504, 300);
		assert_int_equal(times_done, 2);
		assert_int_equal(times_told, 2);
		assert_memory_equal(told, done, sizeof(told));
		assert_int_equal(told[0].arg[0], AP_AQIC_ENABLE);
	}
}

/* Commands that do not change interruptions do not wait. */
static void others_do_not_wait(void **state)
{
	(void)state;
	run_both(AQIC | 0x0504, 0x0504, 20000);
	assert_int_equal(told[0].op, AP_OP_TAPQ);
	assert_int_equal(told[1].op, AP_OP_AQIC);
}

/*
 * An AQIC that waits for the LPAR does not block other commands, and takes
 * effect once it is decided.
 */
static void intercepts_are_asked_for(void **state)
{
	(void)state;
	intercepts = 3;
	vcpus[0].gr[1] = AP_AQIC_ENABLE;
	run(&vcpus[0], INSTRUCTION_PQAP, AQIC | 0x0504);
	assert_int_equal(times_done, 4);
	assert_int_equal(times_told, 1);
	assert_int_equal(vcpus[0].gr[1], 0);
}

static uint16_t check_of(enum instruction_kind kind, uint64_t address, uint64_t length)
{
	vcpus[0].check = 0;
	is_stored = kind != INSTRUCTION_NQAP;
	vcpus[0].gr[6] = address;
	vcpus[0].gr[7] = length;
	times_done = 0;
	run(&vcpus[0], kind, 0x0504);
	return vcpus[0].check;
}

/*
 * A length that the adapter does not support is recognized ahead of an access
 * exception.
 */
static void length_comes_before_access(void **state)
{
	static const enum instruction_kind kinds[] = { INSTRUCTION_NQAP, INSTRUCTION_DQAP };
	const uint64_t nowhere = end_of_storage;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		information = 0;
		assert_int_equal(check_of(kinds[i], nowhere, 3 * 4096), DAT_ADDRESSING);
		assert_int_equal(check_of(kinds[i], nowhere, 3 * 4096 + 1), AP_CHECK_SPECIFICATION);
		assert_int_equal(done[0].op, AP_OP_TAPQ);
		assert_int_equal(done[0].apqn, 0x0504);
		information = 5 << 8;
		assert_int_equal(check_of(kinds[i], nowhere, 5 * 4096), DAT_ADDRESSING);
		assert_int_equal(check_of(kinds[i], nowhere, 5 * 4096 + 1), AP_CHECK_SPECIFICATION);
		assert_int_equal(times_done, 1);
	}
}

/* Without interruptions, commands need not be ordered. */
static void nobody_waits_without_interruptions(void **state)
{
	(void)state;
	open = false;
	run_both(RAPQ | 0x0504, RAPQ | 0x0605, 20000);
	assert_int_equal(told[0].apqn, 0x0605);
	assert_int_equal(told[1].apqn, 0x0504);
}

static void set_pairs(uint64_t address, uint64_t length)
{
	vcpus[0].gr[4] = 0x1111111101234567;
	vcpus[0].gr[5] = 0x2222222289abcdef;
	vcpus[0].gr[6] = address;
	vcpus[0].gr[7] = length;
}

static void nqap_sends_what_is_in_its_area(void **state)
{
	(void)state;
	is_stored = false;
	set_pairs(0x8765, 300);
	answer.status = AP_STATUS_REPLIES_WAITING;
	assert_true(run(&vcpus[0], INSTRUCTION_NQAP, 0x0504));
	assert_int_equal(times_done, 1);
	assert_int_equal(done[0].op, AP_OP_NQAP);
	assert_int_equal(done[0].apqn, 0x0504);
	assert_int_equal(done[0].psmid, 0x0123456789abcdef);
	assert_int_equal(done[0].length, 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(given[i], byte_at(0x8765 + i));
	assert_int_equal(stored.length, 0);
	assert_int_equal(vcpus[0].gr[1], AP_STATUS_REPLIES_WAITING);
	assert_int_equal(vcpus[0].gr[2], 0);
	assert_int_equal(vcpus[0].gr[4], 0x1111111101234567);
	assert_int_equal(vcpus[0].gr[6], 0x8765 + 300);
	assert_int_equal(vcpus[0].gr[7], 0);
	assert_int_equal(vcpus[0].cc, 0);
	assert_int_equal(vcpus[0].check, 0);
}

static void dqap_stores_the_reply(void **state)
{
	(void)state;
	set_pairs(0x8000, 300);
	answer = (struct ap_result){ .length = 200, .psmid = 0xaabbccdd11223344 };
	assert_true(run(&vcpus[0], INSTRUCTION_DQAP, 0x0504));
	assert_int_equal(done[0].arg[0], 300);
	assert_int_equal(stored.address, 0x8000);
	assert_int_equal(stored.length, 200);
	assert_int_equal(stored.bytes[0], 0xab);
	assert_int_equal(stored.bytes[199], 0xab);
	assert_int_equal(vcpus[0].gr[4], 0x11111111aabbccdd);
	assert_int_equal(vcpus[0].gr[5], 0x2222222211223344);
	assert_int_equal(vcpus[0].gr[6], 0x8000 + 200);
	assert_int_equal(vcpus[0].gr[7], 100);
	assert_int_equal(vcpus[0].cc, 0);
}

/*
 * An instruction does not store beyond its area, whatever the machine returns.
 */
static void no_reply_is_longer_than_its_area(void **state)
{
	(void)state;
	set_pairs(0x8000, 300);
	answer.length = AP_MESSAGE_MAX;
	run(&vcpus[0], INSTRUCTION_DQAP, 0x0504);
	assert_int_equal(stored.length, 300);
}

static void a_queue_without_a_reply_changes_status_only(void **state)
{
	(void)state;
	set_pairs(0x8000, 300);
	answer.status = AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY);
	assert_true(run(&vcpus[0], INSTRUCTION_DQAP, 0x0504));
	assert_int_equal(stored.length, 0);
	assert_int_equal(vcpus[0].gr[1], answer.status);
	assert_int_equal(vcpus[0].gr[4], 0x1111111101234567);
	assert_int_equal(vcpus[0].gr[6], 0x8000);
	assert_int_equal(vcpus[0].gr[7], 300);
	assert_int_equal(vcpus[0].cc, 3);
}

static void qci_stores_a_block(void **state)
{
	(void)state;
	vcpus[0].gr[1] = 1;
	vcpus[0].gr[2] = 0x7008;
	answer.length = sizeof(struct ap_qci);
	assert_true(run(&vcpus[0], INSTRUCTION_PQAP, 4ull << 24));
	assert_int_equal(stored.address, 0x7008);
	assert_int_equal(stored.length, sizeof(struct ap_qci));
	assert_int_equal(vcpus[0].gr[1], 1);
	assert_int_equal(vcpus[0].gr[2], 0x7008);
	assert_int_equal(vcpus[0].cc, 0);
}

/*
 * State that the instruction had no effect, and that the machine did not see
 * it.
 */
static void is_refused(uint16_t check)
{
	assert_int_equal(vcpus[0].check, check);
	assert_int_equal(vcpus[0].cc, 42);
	assert_int_equal(stored.length, 0);
	assert_int_equal(times_done, 0);
	assert_int_equal(times_told, 0);
}

static void a_program_is_not_privileged(void **state)
{
	(void)state;
	vcpus[0].psw |= PSW_PROBLEM;
	assert_false(run(&vcpus[0], INSTRUCTION_PQAP, 0x0504));
	is_refused(AP_CHECK_PRIVILEGED);
}

static void a_block_that_is_nowhere_is_an_access_exception(void **state)
{
	(void)state;
	vcpus[0].gr[2] = end_of_storage;
	assert_false(run(&vcpus[0], INSTRUCTION_PQAP, 4ull << 24));
	is_refused(DAT_ADDRESSING);
}

static void pairs_begin_with_an_even_register(void **state)
{
	(void)state;
	set_pairs(0x8000, 300);
	vcpus[0].gr[0] = 0x0504;
	assert_false(execution_run(&vcpus[0].cpu, &machine, PC, INSTRUCTION_NQAP, 15, 6));
	is_refused(AP_CHECK_SPECIFICATION);
	assert_false(execution_run(&vcpus[0].cpu, &machine, PC, INSTRUCTION_NQAP, 4, 15));
	is_refused(AP_CHECK_SPECIFICATION);
}

static void what_the_machine_refuses_is_a_program_check(void **state)
{
	(void)state;
	set_pairs(0x8000, 300);
	answer = (struct ap_result){ .check = AP_CHECK_OPERATION, .length = 100, .status = 1 };
	assert_false(run(&vcpus[0], INSTRUCTION_DQAP, 0x0504));
	assert_int_equal(vcpus[0].check, AP_CHECK_OPERATION);
	assert_int_equal(stored.length, 0);
	assert_int_equal(vcpus[0].gr[1], 0);
	assert_int_equal(vcpus[0].gr[6], 0x8000);
	assert_int_equal(vcpus[0].cc, 42);
}

static uint64_t indicator_of(uint64_t gr2)
{
	times_done = 0;
	vcpus[0].gr[1] = AP_AQIC_ENABLE;
	vcpus[0].gr[2] = gr2;
	assert_true(run(&vcpus[0], INSTRUCTION_PQAP, AQIC | 0x0504));
	assert_int_equal(vcpus[0].gr[2], gr2);
	return done[0].arg[1];
}

/*
 * The machine has a response code for address 0, but does not know the VM's
 * storage. The indicators of a guest are checked by its LPAR.
 */
static void an_indicator_is_in_storage(void **state)
{
	(void)state;
	assert_int_equal(indicator_of(end_of_storage - 1), end_of_storage - 1);
	assert_int_equal(indicator_of(end_of_storage), 0);
	machine.is_guest = true;
	assert_int_equal(indicator_of(end_of_storage), end_of_storage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(interruptions_are_switched_in_order, start),
		cmocka_unit_test_setup(others_do_not_wait, start),
		cmocka_unit_test_setup(intercepts_are_asked_for, start),
		cmocka_unit_test_setup(length_comes_before_access, start),
		cmocka_unit_test_setup(nobody_waits_without_interruptions, start),
		cmocka_unit_test_setup(nqap_sends_what_is_in_its_area, start),
		cmocka_unit_test_setup(dqap_stores_the_reply, start),
		cmocka_unit_test_setup(no_reply_is_longer_than_its_area, start),
		cmocka_unit_test_setup(a_queue_without_a_reply_changes_status_only, start),
		cmocka_unit_test_setup(qci_stores_a_block, start),
		cmocka_unit_test_setup(a_program_is_not_privileged, start),
		cmocka_unit_test_setup(a_block_that_is_nowhere_is_an_access_exception, start),
		cmocka_unit_test_setup(pairs_begin_with_an_even_register, start),
		cmocka_unit_test_setup(what_the_machine_refuses_is_a_program_check, start),
		cmocka_unit_test_setup(an_indicator_is_in_storage, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
