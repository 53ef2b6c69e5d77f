// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

#include "storage.h"

/* Assigned storage locations */
#define LC_PROGRAM_CODE		0x8e
#define LC_EXCEPTION_ACCESS	0xa0
#define LC_TEID			0xa8
#define LC_PROGRAM_OLD_ADDRESS	0x158

#define CODE_OPERATION	0x0001
#define CODE_SPECIFICATION 0x0006
#define CODE_PER	0x0080

void check_raise(struct cpu *cpu, uint64_t pc, const struct dat_fault *fault)
{
	cpu->check = *fault;
	cpu->check_pc = pc;
}

void check_raise_code(struct cpu *cpu, uint64_t pc, uint16_t code)
{
	check_raise(cpu, pc, &(struct dat_fault){ .code = code });
}

/*
 * Return whether the old PSW designates the instruction, which is executed
 * again.
 */
static bool is_nullifying(uint16_t code)
{
	return code == DAT_SEGMENT || code == DAT_PAGE ||
	       (code >= DAT_ASCE_TYPE && code <= DAT_REGION_THIRD);
}

static void store_access(struct cpu *cpu, uint64_t prefix)
{
	uint64_t teid = GUINT64_TO_BE(cpu->check.teid);
	uint8_t register_zero = 0;

	storage_store_absolute(cpu, prefix + LC_TEID, &teid, sizeof(teid));
	storage_store_absolute(cpu, prefix + LC_EXCEPTION_ACCESS,
			       &register_zero, sizeof(register_zero));
}

static void correct(struct cpu *cpu, uint64_t prefix, uint16_t stored)
{
	uint16_t code = GUINT16_TO_BE(cpu->check.code | (stored & CODE_PER));
	uint64_t address = GUINT64_TO_BE(cpu->check_pc);

	if (cpu->check.teid)
		store_access(cpu, prefix);
	if (is_nullifying(cpu->check.code))
		storage_store_absolute(cpu, prefix + LC_PROGRAM_OLD_ADDRESS,
				       &address, sizeof(address));
	storage_store_absolute(cpu, prefix + LC_PROGRAM_CODE, &code,
			       sizeof(code));
}

/*
 * Return whether @code is for an unknown instruction, or for an unknown
 * function of CPACF.
 */
static bool is_unknown(uint16_t code)
{
	return code == CODE_OPERATION || code == CODE_SPECIFICATION;
}

void check_deliver(struct cpu *cpu, uint64_t pc)
{
	uint64_t prefix;
	uint16_t stored;

	if (!cpu->check.code || cpu->check_pc != pc)
		return;
	prefix = cpu_prefix(cpu);
	storage_fetch_absolute(cpu, prefix + LC_PROGRAM_CODE, &stored,
			       sizeof(stored));
	stored = GUINT16_FROM_BE(stored);
	if (is_unknown(stored & ~CODE_PER))
		correct(cpu, prefix, stored);
	cpu->check.code = 0;
}
