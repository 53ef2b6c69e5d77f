/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Execution of an AP instruction on a vCPU: from its registers and its storage
 * to the machine and back.
 */
#ifndef QEMU_EXECUTION_H
#define QEMU_EXECUTION_H

#include "cpu.h"
#include "instruction.h"
#include "machine.h"

/*
 * Execute the instruction of @kind at @pc with register fields @r1 and @r2.
 * Return true when it is complete and the vCPU is to continue after it, or
 * false when it ends with a program check, which has been raised (check.h).
 */
bool execution_run(struct cpu *cpu, struct machine *machine, uint64_t pc,
		   enum instruction_kind kind, unsigned int r1,
		   unsigned int r2);

#endif /* QEMU_EXECUTION_H */
