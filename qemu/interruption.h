/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions on vCPUs.
 *
 * QEMU offers no way to interrupt a vCPU, so swcex.so exchanges PSWs itself, at the
 * beginning of a block of translated code, where a vCPU that is marked looks
 * (mark.h). A thread waits for the machine's bell and marks the vCPUs. When all of
 * them sleep, it wakes one (wake.h).
 */
#ifndef QEMU_INTERRUPTION_H
#define QEMU_INTERRUPTION_H

#include "abi/ap.h"
#include "cpu.h"

/*
 * Deliver what is counted in @changes. @wake: the socket of the port that resumes
 * a sleeping vCPU, or NULL; then it takes interruptions when it resumes by itself.
 */
void interruption_open(const struct ap_changes *changes, const char *wake);

bool interruption_is_open(void);

/* A vCPU starts, or has nothing to execute, or resumes. */
void interruption_start(struct cpu *cpu);
void interruption_sleeps(struct cpu *cpu);
void interruption_resumes(struct cpu *cpu);

/*
 * A vCPU looks at the beginning of the block at @pc. If it is interrupted, it goes
 * on elsewhere, and this does not return.
 */
void interruption_look(unsigned int vcpu, uint64_t pc);

/*
 * The instruction @command is about to be executed; it has been, with @result.
 * Nothing happens unless interruptions are open.
 */
uint32_t interruption_before(const struct ap_command *command);
void interruption_after(const struct ap_command *command,
			const struct ap_result *result, uint32_t count);

/* The VM was reset: no queue interrupts it, and nothing is pending. */
void interruption_reset(void);

/*
 * Interrupt the LPAR for the intercepts of its guests; by @indicator 0, do not.
 * False: interruptions are not open.
 */
bool interruption_listen(uint8_t isc, uint64_t indicator);

#endif /* QEMU_INTERRUPTION_H */
