/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reset of the VM, which resets its AP queues.
 *
 * QEMU tells a plugin nothing of it, be it one that DIAGNOSE 0x308, the monitor
 * or a watchdog has ordered. But every one of them ends with a load: all vCPUs
 * pause, all or one are reset, and one of those gets a PSW and resumes. That is
 * seen when it resumes, and acted upon before it executes anything.
 */
#ifndef QEMU_RESET_H
#define QEMU_RESET_H

#include "cpu.h"
#include "machine.h"

/* The vCPU resumes. True: it is to look before it executes the next block. */
bool reset_resumes(struct cpu *cpu);

/*
 * It looks. If it was loaded, @machine resets the queues of the VM, no queue
 * interrupts it, and no interruption is pending. Every vCPU looks when it starts,
 * too: a VM with none before is a new one, which is not reset.
 */
void reset_look(struct cpu *cpu, struct machine *machine);

#endif /* QEMU_RESET_H */
