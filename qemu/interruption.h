/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions on vCPUs.
 *
 * QEMU offers no way to interrupt a vCPU, so ap.so exchanges PSWs itself, at the
 * beginning of a block of translated code. Nowhere else does QEMU keep what is
 * needed: between two blocks the condition code is in storage, the last
 * instruction is complete, and a program check of ap.so has been delivered.
 *
 * A thread waits for the machine's bell and marks the vCPUs, which then look; an
 * unmarked vCPU pays for one comparison per block. When all vCPUs sleep, the
 * thread wakes one (wake.h).
 */
#ifndef INTERRUPTION_H
#define INTERRUPTION_H

#include "ap.h"
#include "cpu.h"
#include "qemu-plugin-api.h"

/*
 * Deliver what is counted in @changes. @wake: the socket of the port that resumes
 * a sleeping vCPU, or NULL; then it takes interruptions when it resumes by itself.
 */
void interruption_open(qemu_plugin_id_t id, const struct ap_changes *changes,
		       const char *wake);

bool interruption_is_open(void);

/* A vCPU starts. */
void interruption_start(struct cpu *cpu);

/* The block is one at whose beginning vCPUs are interrupted. */
void interruption_watch(struct qemu_plugin_tb *tb);

/*
 * The instruction @command is about to be executed; it has been, with @result.
 * Nothing happens unless interruptions are open.
 */
uint32_t interruption_before(const struct ap_command *command);
void interruption_after(const struct ap_command *command,
			const struct ap_result *result, uint32_t count);

/*
 * Interrupt the LPAR for the intercepts of its guests; by @indicator 0, do not.
 * False: interruptions are not open.
 */
bool interruption_listen(uint8_t isc, uint64_t indicator);

#endif /* INTERRUPTION_H */
