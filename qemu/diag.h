/* SPDX-License-Identifier: GPL-2.0-only */
/* The LPAR calls, DIAG R2,R3,0x7a9 (abi/lpar.h). */
#ifndef QEMU_DIAG_H
#define QEMU_DIAG_H

#include "cpu.h"
#include "machine.h"

/*
 * Execute the call in the registers of @cpu. Return true when it is complete,
 * or false when the instruction is to be left to QEMU, which ends it with the
 * exception for the problem state.
 */
bool diag_run(struct cpu *cpu, struct machine *machine);

#endif /* QEMU_DIAG_H */
