/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CHSC (b25f) of a VM that may configure adapters: the commands of
 * measurement.h are executed here, and all others, also in a wrong form, by
 * QEMU.
 */
#ifndef QEMU_CHSC_H
#define QEMU_CHSC_H

#include "cpu.h"
#include "machine.h"

/*
 * Execute CHSC with register @r1. Return whether it is complete; otherwise QEMU
 * executes it.
 */
bool chsc_run(struct cpu *cpu, struct machine *machine, unsigned int r1);

#endif /* QEMU_CHSC_H */
