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

/* vCPUs whose registers are numbers, without storage beyond @end */
static struct vcpu {
	struct cpu cpu;
	uint64_t gr[16];
	uint16_t check;
} vcpus[2];

static uint64_t end_of_storage;

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
	(void)cpu;
	return PSW_EA | PSW_BA;
}

void cpu_set_cc(struct cpu *cpu, uint64_t psw, unsigned int cc)
{
	(void)cpu;
	(void)psw;
	(void)cc;
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

bool storage_map(struct cpu *cpu, uint64_t psw, uint64_t address, size_t length,
		 bool store, struct storage_area *area, struct dat_fault *fault)
{
	(void)cpu;
	(void)psw;
	(void)store;
	area->length = length;
	fault->code = DAT_ADDRESSING;
	return address + length <= end_of_storage;
}

void storage_fetch(struct cpu *cpu, const struct storage_area *area, uint8_t *to)
{
	(void)cpu;
	memset(to, 0, area->length);
}

void storage_store(struct cpu *cpu, const struct storage_area *area,
		   const uint8_t *from, size_t length)
{
	(void)cpu;
	(void)area;
	(void)from;
	(void)length;
}

/* What the machine has done, and what swcex.so was told of it, in their order */
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
 * A machine that is done with its first command at once, but returns only when the
 * other vCPU has begun and had its time. AQIC is intercepted @intercepts times.
 */
static unsigned int intercepts;
static uint64_t information;
static bool slow;

static void execute_slowly(struct machine *machine,
			   const struct ap_command *command, const void *in,
			   struct ap_result *result, void *out)
{
	unsigned int turn = __atomic_fetch_add(&times_done, 1, __ATOMIC_SEQ_CST);

	(void)machine;
	(void)in;
	(void)out;
	done[turn] = *command;
	*result = (struct ap_result){ .value = information };
	if (command->op == AP_OP_AQIC && intercepts) {
		intercepts--;
		result->value = 1;
	}
	for (int i = 0; slow && !turn && i < 300 && !__atomic_load_n(&times_told, __ATOMIC_SEQ_CST); i++)
		g_usleep(1000);
}

static struct machine machine = { .execute = execute_slowly };

static int start(void **state)
{
	(void)state;
	memset(vcpus, 0, sizeof(vcpus));
	times_done = times_told = intercepts = 0;
	information = 0;
	end_of_storage = 1 << 20;
	open = true;
	slow = false;
	return 0;
}

static void run(struct vcpu *vcpu, enum instruction_kind kind, uint64_t gr0)
{
	vcpu->gr[0] = gr0;
	execution_run(&vcpu->cpu, &machine, PC, kind, 4, 6);
}

static void *run_other(void *gr0)
{
	while (!__atomic_load_n(&times_done, __ATOMIC_SEQ_CST))
		g_usleep(100);
	run(&vcpus[1], INSTRUCTION_PQAP, *(uint64_t *)gr0);
	return NULL;
}

static void run_both(uint64_t first, uint64_t second)
{
	pthread_t other;

	slow = true;
	vcpus[0].gr[1] = AP_AQIC_ENABLE;
	vcpus[0].gr[2] = 0x1000;
	assert_int_equal(pthread_create(&other, NULL, run_other, &second), 0);
	run(&vcpus[0], INSTRUCTION_PQAP, first);
	pthread_join(other, NULL);
}

/* The machine's interruptions and those of swcex.so are switched in one order. */
static void interruptions_are_switched_in_order(void **state)
{
	static const uint64_t functions[] = { AQIC, RAPQ, RAPQ << 1 };

	for (size_t i = 0; i < 3; i++) {
		start(state);
		run_both(AQIC | 0x0504, functions[i] | 0x0504);
		assert_int_equal(times_done, 2);
		assert_int_equal(times_told, 2);
		assert_memory_equal(told, done, sizeof(told));
		assert_int_equal(told[0].arg[0], AP_AQIC_ENABLE);
	}
}

/* Who only looks, does not wait. */
static void others_do_not_wait(void **state)
{
	(void)state;
	run_both(AQIC | 0x0504, 0x0504);
	assert_int_equal(told[0].op, AP_OP_TAPQ);
	assert_int_equal(told[1].op, AP_OP_AQIC);
}

/* An AQIC that waits for the LPAR lets others go on, and counts when it is decided. */
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
	vcpus[0].gr[6] = address;
	vcpus[0].gr[7] = length;
	times_done = 0;
	run(&vcpus[0], kind, 0x0504);
	return vcpus[0].check;
}

/* What the adapter does not take at all, comes before where it is. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(interruptions_are_switched_in_order, start),
		cmocka_unit_test_setup(others_do_not_wait, start),
		cmocka_unit_test_setup(intercepts_are_asked_for, start),
		cmocka_unit_test_setup(length_comes_before_access, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
