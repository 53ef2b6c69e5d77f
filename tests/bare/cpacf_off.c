// SPDX-License-Identifier: GPL-2.0-only
/*
 * With cpacf=off, CPACF is QEMU's alone.
 *
 * qemu: -plugin $AP,card=5:CEX8A,domain=4,cpacf=off
 */
#include "bare.h"

#define KM	0xb92e0024u

static uint8_t block[64];

static struct cpu run_with(uint32_t instruction, uint64_t function)
{
	struct cpu cpu = { .gr = { function, (uintptr_t)block } };

	run(&cpu, instruction);
	return cpu;
}

int main(void)
{
	struct cpu cpu = run_with(KM, 0);

	chapter("KM");
	same("query ends normally", 0, cpu.check);
	same("no AES under protected keys", 0, block[3] & 0x38);
	same("no XTS under protected keys", 0, block[7] & 0x28);
	cpu = run_with(KM, 26);
	same("AES ends with a specification exception", CHECK_SPECIFICATION, cpu.check);
	return 0;
}
