// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/cpacf.c"

#define PC		0x10000
#define SPACE_24	0x1000000	/* bytes of a 24-bit address space */
#define HIGH		0x1234567800000000ull
#define BLOCK		CIPHER_BLOCK
#define PARAMETERS	0x2000
#define TARGET_AT	0x4000
#define PROTECTED_PAGE	0x6000

/* What instructions run with */
enum { TARGET = 2, SOURCE = 4, LENGTH, COUNTERS };

static struct {
	struct cpu cpu;
	uint64_t gr[16];
	uint64_t psw;
	uint16_t check;
	unsigned int cc;
} vcpu;

static uint8_t *storage;
static bool is_there;	/* whether the machine answers */

uint64_t cpu_gr(struct cpu *cpu, unsigned int number)
{
	(void)cpu;
	return vcpu.gr[number];
}

void cpu_set_gr(struct cpu *cpu, unsigned int number, uint64_t value)
{
	(void)cpu;
	vcpu.gr[number] = value;
}

uint64_t cpu_psw(struct cpu *cpu)
{
	(void)cpu;
	return vcpu.psw;
}

void cpu_set_cc(struct cpu *cpu, uint64_t psw, unsigned int cc)
{
	(void)cpu;
	assert_int_equal(psw, vcpu.psw);
	vcpu.cc = cc;
}

struct cpu *cpu_get(unsigned int index)
{
	(void)index;
	return &vcpu.cpu;
}

void check_raise(struct cpu *cpu, uint64_t pc, const struct dat_fault *fault)
{
	(void)cpu;
	assert_int_equal(pc, PC);
	vcpu.check = fault->code;
}

/* Storage has the length of a 24-bit address space, and a protected page. */
static uint16_t fault_of(uint64_t address, bool store)
{
	if (address >= SPACE_24)
		return DAT_ADDRESSING;
	return store && (address & -PAGE_SIZE) == PROTECTED_PAGE ?
	       DAT_PROTECTION : 0;
}

bool storage_map(struct cpu *cpu, uint64_t psw, uint64_t address, size_t length,
		 bool store, struct storage_area *area, struct dat_fault *fault)
{
	(void)cpu;
	area->page[0] = address;
	area->length = length;
	fault->code = 0;
	for (size_t i = 0; i < length && !fault->code; i++)
		fault->code = fault_of(dat_wrap(psw, address + i), store);
	return !fault->code;
}

static uint8_t *byte_of(const struct storage_area *area, size_t i)
{
	return &storage[dat_wrap(vcpu.psw, area->page[0] + i)];
}

void storage_fetch(struct cpu *cpu, const struct storage_area *area, uint8_t *to)
{
	(void)cpu;
	for (size_t i = 0; i < area->length; i++)
		to[i] = *byte_of(area, i);
}

void storage_store(struct cpu *cpu, const struct storage_area *area,
		   const uint8_t *from, size_t length)
{
	(void)cpu;
	for (size_t i = 0; i < length; i++)
		*byte_of(area, i) = from[i];
}

void addition_make(struct cpu *cpu, uint64_t list, uint64_t address, size_t size,
		   struct addition addition)
{
	(void)cpu;
	(void)list;
	(void)address;
	(void)size;
	(void)addition;
}

unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info)
{
	return info;
}

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      qemu_plugin_vcpu_mem_cb_t callback,
				      enum qemu_plugin_cb_flags flags,
				      enum qemu_plugin_mem_rw rw, void *data)
{
	(void)insn;
	(void)callback;
	(void)flags;
	(void)rw;
	(void)data;
}

static void machine_execute(struct machine *machine,
			    const struct ap_command *command, const void *in,
			    struct ap_result *result, void *out)
{
	(void)machine;
	(void)in;
	assert_int_equal(command->op, AP_OP_CPACF);
	*result = (struct ap_result){ 0 };
	if (!is_there)
		return;
	memset(out, 0x5a, WRAPPING_KEY);
	result->length = WRAPPING_KEY;
}

static struct machine machine = { .execute = machine_execute };

static int set_up(void **state)
{
	(void)state;
	storage = malloc(SPACE_24);
	if (!storage)
		return -1;
	for (size_t i = 0; i < SPACE_24; i++)
		storage[i] = i * 7 % 251;
	memset(&vcpu, 0, sizeof(vcpu));
	vcpu.psw = PSW_EA | PSW_BA;
	is_there = true;
	protection_reset();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(storage);
	return 0;
}

static bool run(enum cpacf_opcode opcode, uint64_t function)
{
	const struct cpacf_fields fields = { TARGET, SOURCE, COUNTERS };

	vcpu.gr[0] = function;
	vcpu.gr[1] = PARAMETERS;
	vcpu.cc = 9;
	vcpu.check = 0;
	return cpacf_run(&vcpu.cpu, &machine, PC, opcode, fields);
}

static bool encrypt(uint64_t target, uint64_t source, uint64_t length)
{
	vcpu.gr[TARGET] = target;
	vcpu.gr[SOURCE] = source;
	vcpu.gr[LENGTH] = length;
	return run(CPACF_KM, 26);
}

static void around_the_end_of_24_bits(void **state)
{
	uint8_t blocks[2 * BLOCK];

	(void)state;
	assert_true(run(CPACF_PCKMO, 18));
	vcpu.psw = 0;
	assert_true(encrypt(TARGET_AT, SPACE_24 - BLOCK, BLOCK));
	assert_true(encrypt(TARGET_AT + BLOCK, 0, BLOCK));
	memcpy(blocks, storage + TARGET_AT, sizeof(blocks));
	memset(storage + TARGET_AT, 0, sizeof(blocks));
	assert_true(encrypt(HIGH | TARGET_AT, HIGH | 0x5a000000 | (SPACE_24 - BLOCK),
			    HIGH | 2 * BLOCK));
	assert_int_equal(vcpu.cc, 0);
	assert_memory_equal(storage + TARGET_AT, blocks, sizeof(blocks));
	assert_int_equal(vcpu.gr[SOURCE], HIGH | BLOCK);
	assert_int_equal(vcpu.gr[TARGET], HIGH | (TARGET_AT + 2 * BLOCK));
	assert_int_equal(vcpu.gr[LENGTH], HIGH);
}

/* A block that lies on both sides of the end is one that can be accessed. */
static void a_block_around_the_end(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	assert_true(run(CPACF_PCKMO, 18));
	vcpu.psw = 0;
	memcpy(storage + TARGET_AT, storage + SPACE_24 - 5, 5);
	memcpy(storage + TARGET_AT + 5, storage, BLOCK - 5);
	assert_true(encrypt(TARGET_AT, TARGET_AT, BLOCK));
	memcpy(block, storage + TARGET_AT, BLOCK);
	assert_true(encrypt(TARGET_AT, SPACE_24 - 5, BLOCK));
	assert_memory_equal(storage + TARGET_AT, block, BLOCK);
	assert_int_equal(vcpu.gr[SOURCE], BLOCK - 5);
}

static void beyond_storage(void **state)
{
	(void)state;
	assert_true(run(CPACF_PCKMO, 18));
	assert_false(encrypt(TARGET_AT, -(uint64_t)BLOCK, 2 * BLOCK));
	assert_int_equal(vcpu.check, DAT_ADDRESSING);
	assert_int_equal(vcpu.gr[SOURCE], -(uint64_t)BLOCK);
	assert_true(encrypt(TARGET_AT, SPACE_24 - BLOCK, 2 * BLOCK));
	assert_int_equal(vcpu.cc, 3);
	assert_int_equal(vcpu.gr[LENGTH], BLOCK);
	assert_false(encrypt(PROTECTED_PAGE - 1, 0, BLOCK));
	assert_int_equal(vcpu.check, DAT_PROTECTION);
	assert_int_equal(storage[PROTECTED_PAGE - 1], (PROTECTED_PAGE - 1) * 7 % 251);
}

/* A clear key is not left behind where a protected one is expected. */
static void the_machine_is_gone(void **state)
{
	static const uint8_t zeros[16 + WRAPPING_PATTERN];
	uint8_t before[BLOCK];

	(void)state;
	is_there = false;
	assert_true(run(CPACF_PCKMO, 18));
	assert_memory_equal(storage + PARAMETERS, zeros, sizeof(zeros));
	memcpy(before, storage + TARGET_AT, BLOCK);
	for (int i = 0; i < 2; i++) {
		assert_true(encrypt(TARGET_AT, 0, BLOCK));
		assert_int_equal(vcpu.cc, 1);
		assert_memory_equal(storage + TARGET_AT, before, BLOCK);
		is_there = true;
	}
}

/* The parameters of PCC: key, pattern, tweak, number, index, room for the result */
static void pcc_knows_the_first_block_only(void **state)
{
	uint8_t *number = storage + PARAMETERS + 16 + WRAPPING_PATTERN + BLOCK;
	uint8_t *result = number + 2 * BLOCK, before[BLOCK];

	(void)state;
	assert_true(run(CPACF_PCKMO, 18));
	memcpy(before, result, BLOCK);
	memset(number, 0, BLOCK);
	number[BLOCK - 1] = 1;
	assert_false(run(CPACF_PCC, 58));
	assert_int_equal(vcpu.check, 0);
	assert_memory_equal(result, before, BLOCK);
	number[BLOCK - 1] = 0;
	storage[PARAMETERS + 16] ^= 1;
	assert_true(run(CPACF_PCC, 58));
	assert_int_equal(vcpu.cc, 1);
	assert_memory_equal(result, before, BLOCK);
	storage[PARAMETERS + 16] ^= 1;
	assert_true(run(CPACF_PCC, 58));
	assert_int_equal(vcpu.cc, 0);
	assert_memory_not_equal(result, before, BLOCK);
}

static void problem_state(void **state)
{
	uint8_t before[16];

	(void)state;
	vcpu.psw |= PSW_PROBLEM;
	memcpy(before, storage + PARAMETERS, sizeof(before));
	assert_false(run(CPACF_PCKMO, 18));
	assert_int_equal(vcpu.check, PRIVILEGED_OPERATION);
	assert_memory_equal(storage + PARAMETERS, before, sizeof(before));
}

/* What is not a function of this file is QEMU's. */
static void functions_of_qemu(void **state)
{
	static const uint8_t others[] = { 0, 1, 18, 25, 29, 57, 59, 61, 82, 127 };

	(void)state;
	for (size_t i = 0; i < sizeof(others); i++) {
		assert_false(run(CPACF_KM, others[i]));
		assert_int_equal(vcpu.check, 0);
		assert_int_equal(vcpu.cc, 9);
		assert_int_equal(vcpu.cpu.query, !others[i]);
	}
	assert_false(run(CPACF_KMC, 58));
	assert_false(run(CPACF_KMCTR, 60));
	assert_false(run(CPACF_PCC, 26));
	assert_false(run(CPACF_PCKMO, 26));
	assert_false(run(CPACF_PCKMO, 18 | DECRYPT));
	assert_false(run(CPACF_PCC, 58 | DECRYPT));
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(around_the_end_of_24_bits),
		POINT(a_block_around_the_end),
		POINT(beyond_storage),
		POINT(the_machine_is_gone),
		POINT(pcc_knows_the_first_block_only),
		POINT(problem_state),
		POINT(functions_of_qemu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
