/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reset of the VM, which resets its AP queues.
 *
 * QEMU does not tell a plugin of a reset, whether DIAGNOSE 0x308, the monitor
 * or a watchdog has caused it. But each of them ends with a load: all vCPUs
 * pause, all or one are reset, and one of those gets a PSW and resumes. That is
 * detected when the vCPU resumes, and handled before it executes anything.
 */
#ifndef QEMU_RESET_H
#define QEMU_RESET_H

#include "cpu.h"
#include "machine.h"

/*
 * Return whether @cpu, which resumes, has to check for a reset before the next
 * block.
 */
bool reset_resumes(struct cpu *cpu);

/*
 * Check for a reset. If @cpu was loaded, @machine resets the queues of the VM,
 * no queue interrupts it, and no interruption is pending. Every vCPU also
 * checks when it starts. The first vCPU that starts belongs to a new VM, which
 * is not reset.
 */
void reset_look(struct cpu *cpu, struct machine *machine);

/*
 * reset_check() does the same as soon as @cpu resumes, and not when it executes.
 * It may sleep or be stopped again before it executes anything; reset_sleeps(),
 * called whenever it does, keeps the same load from being handled again.
 */
void reset_check(struct cpu *cpu, struct machine *machine);
void reset_sleeps(struct cpu *cpu);

#endif /* QEMU_RESET_H */
