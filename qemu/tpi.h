/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TPI (b236): it takes an adapter interruption of the plugin's if one is pending.
 * Otherwise, and if its operand is at fault, QEMU executes it, which has the other
 * interruptions.
 *
 * The first two words of an interruption code go to the operand; or all three to
 * the assigned storage locations, if its address is 0. Those two are 0 for an
 * adapter interruption.
 */
#ifndef QEMU_TPI_H
#define QEMU_TPI_H

#include "cpu.h"

/*
 * Execute TPI, with @bd the base register and displacement of its operand. Return
 * whether it is complete.
 */
bool tpi_run(struct cpu *cpu, uint16_t bd);

#endif /* QEMU_TPI_H */
