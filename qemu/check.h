/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Program checks of the AP instructions, and of CPACF's functions.
 *
 * QEMU knows none of these instructions and ends each with an operation
 * exception, or for a function that it does not have with a specification
 * exception, storing the right old PSW, condition code and instruction
 * length. So a check is raised by leaving the instruction to QEMU, and
 * delivered by correcting the interruption that QEMU has just stored.
 */
#ifndef QEMU_CHECK_H
#define QEMU_CHECK_H

#include "cpu.h"

/*
 * Have the instruction at @pc, which is executing, end with @fault. A QEMU that has
 * the function itself finds that fault itself.
 */
void check_raise(struct cpu *cpu, uint64_t pc, const struct dat_fault *fault);

/* Same, for a code that comes without an address. */
void check_raise_code(struct cpu *cpu, uint64_t pc, uint16_t code);

/* Correct the interruption of the instruction at @pc, if it is to be. */
void check_deliver(struct cpu *cpu, uint64_t pc);

#endif /* QEMU_CHECK_H */
