// SPDX-License-Identifier: GPL-2.0-only
#include "tpi.h"

#include "interruption.h"
#include "storage.h"

#define CODE_SIZE	8
#define PENDING		1	/* condition code */

static uint64_t operand(struct cpu *cpu, uint16_t bd)
{
	uint64_t base = bd >> 12 ? cpu_gr(cpu, bd >> 12) : 0;

	return dat_wrap(cpu_psw(cpu), base + (bd & 0xfff));
}

bool tpi_run(struct cpu *cpu, uint16_t bd)
{
	static const uint8_t code[CODE_SIZE];
	uint64_t address = operand(cpu, bd), psw = cpu_psw(cpu);
	struct storage_area area;
	struct dat_fault fault;

	if (psw & PSW_PROBLEM || address & 3)
		return false;
	if (address && !storage_map(cpu, psw, address, CODE_SIZE, true, &area, &fault))
		return false;
	if (!interruption_test(cpu, !address))
		return false;
	if (address)
		storage_store(cpu, &area, code, CODE_SIZE);
	cpu_set_cc(cpu, psw, PENDING);
	return true;
}
