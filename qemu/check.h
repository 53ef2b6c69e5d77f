/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Program checks of the AP instructions, and of CPACF's functions.
 *
 * QEMU knows none of these instructions. It ends each with an operation
 * exception, or a function that it does not have with a specification
 * exception, and stores the right old PSW, condition code and instruction
 * length. So a check is raised by leaving the instruction to QEMU, and
 * delivered by correcting the interruption that QEMU has just stored.
 */
#ifndef QEMU_CHECK_H
#define QEMU_CHECK_H

#include "cpu.h"

/*
 * Make the instruction at @pc, which is executing, end with @fault. A QEMU that
 * has the function itself detects the same fault.
 */
void check_raise(struct cpu *cpu, uint64_t pc, const struct dat_fault *fault);

/* Make it end with a program interruption code that has no address. */
void check_raise_code(struct cpu *cpu, uint64_t pc, uint16_t code);

/*
 * Correct the interruption of the instruction at @pc, if a check was raised for
 * it.
 */
void check_deliver(struct cpu *cpu, uint64_t pc);

#endif /* QEMU_CHECK_H */
