/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions on vCPUs.
 *
 * The plugin interface has no way to interrupt a vCPU, so swcex.so exchanges
 * PSWs itself, at the beginning of a block of translated code, where a marked
 * vCPU checks for work (mark.h). A thread waits for the machine's bell and marks
 * the vCPUs. If all of them sleep, it wakes one (wake.h).
 *
 * If it is to be by QEMU, the thread hands to QEMU's own controller what is
 * pending (flic.h).
 */
#ifndef QEMU_INTERRUPTION_H
#define QEMU_INTERRUPTION_H

#include "abi/ap.h"
#include "cpu.h"

/*
 * Begin to deliver what is counted in @changes: with @by_qemu by QEMU's own
 * controller, or else by marks. For these, @wake is the socket of the port that
 * resumes a sleeping vCPU. If it is NULL, that vCPU takes interruptions when it
 * resumes for another reason.
 */
void interruption_open(const struct ap_changes *changes, const char *wake,
		       bool by_qemu);

bool interruption_is_open(void);

/* Return whether they are delivered by marks, so that vCPUs have to look. */
bool interruption_is_marked(void);

/* Note that a vCPU starts, or has nothing to execute, or resumes. */
void interruption_start(struct cpu *cpu);
void interruption_sleeps(struct cpu *cpu);
void interruption_resumes(struct cpu *cpu);

/* Note that QEMU has interrupted a vCPU, for whatever reason. */
void interruption_taken(void);

/*
 * Check for interruptions at the beginning of the block at @pc. If the vCPU is
 * interrupted, it continues elsewhere, and this does not return.
 */
void interruption_look(unsigned int vcpu, uint64_t pc);

/*
 * Return whether interruptions may be open after the instruction @code that
 * were closed before. @code has six bytes, whatever the instruction's length.
 */
bool interruption_may_follow(const uint8_t *code);

/*
 * Take an interruption that is pending of a subclass that control register 6
 * enables, as TPI does whether or not the PSW allows interruptions. With
 * @assigned, store its code where an interruption stores it. Return whether there
 * was one.
 */
bool interruption_test(struct cpu *cpu, bool assigned);

/*
 * interruption_before() is called before the instruction @command is executed,
 * and interruption_after() with its @result and with the count that the former
 * returned. Nothing happens unless interruptions are open.
 */
uint32_t interruption_before(const struct ap_command *command);
void interruption_after(const struct ap_command *command,
			const struct ap_result *result, uint32_t count);

/*
 * Handle a reset of the VM: no queue interrupts it any more, and nothing is
 * pending.
 */
void interruption_reset(void);

/*
 * Interrupt the LPAR for the intercepts of its guests, or stop that if
 * @indicator is 0. Return false if interruptions are not open.
 */
bool interruption_listen(uint8_t isc, uint64_t indicator);

#endif /* QEMU_INTERRUPTION_H */
