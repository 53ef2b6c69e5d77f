/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vCPU whose callback runs: its registers, and what swcex.so stores for it.
 *
 * Only the vCPU's own thread uses it, so nothing here is locked.
 */
#ifndef QEMU_CPU_H
#define QEMU_CPU_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi/ap.h"
#include "dat.h"

/*
 * @check: the program interruption with which the instruction at @check_pc is
 *	to end; code 0 is none (check.h)
 * @is_asleep: it executes nothing until it is resumed (interruption.h)
 * @is_loaded: it is about to begin with what a load has set (reset.h)
 * @loaded_at: the address of the PSW that the load has set
 * @is_fresh: that load was handled, and nothing was seen to be executed since
 * @stfle: where the STFLE that is executing stores its list (stfle.h)
 * @query: whether an instruction of CPACF queries its functions (cpacf.h)
 * @functions: where these are stored
 * @request, @reply: the two messages of the instruction that is executing
 */
struct cpu {
	struct dat_fault check;
	uint64_t check_pc;
	uint64_t stfle;
	uint64_t functions;
	bool query;
	bool is_asleep;
	bool is_loaded;
	bool is_fresh;
	uint64_t loaded_at;
	GByteArray *value;	/* a register or storage in transit */
	uint8_t request[AP_MESSAGE_MAX];
	uint8_t reply[AP_MESSAGE_MAX];
};

/* Make room for @count vCPUs, before the first of them starts. */
void cpu_reserve(unsigned int count);

/*
 * Find the registers, in the callback of a new vCPU. Return the name of one
 * that QEMU does not offer, or NULL.
 */
const char *cpu_start(unsigned int index);

struct cpu *cpu_get(unsigned int index);

uint64_t cpu_gr(struct cpu *cpu, unsigned int number);
void cpu_set_gr(struct cpu *cpu, unsigned int number, uint64_t value);
uint64_t cpu_cr(struct cpu *cpu, unsigned int number);
uint64_t cpu_prefix(struct cpu *cpu);
uint64_t cpu_psw_address(struct cpu *cpu);

/*
 * Return whether @cpu was reset and then given a PSW, as a load does, and has
 * not branched since. While a vCPU that was reset waits for SIGP RESTART, its
 * PSW is zero.
 */
bool cpu_was_loaded(struct cpu *cpu);

/*
 * Return the PSW mask without the condition code, which QEMU does not keep
 * there.
 */
uint64_t cpu_psw(struct cpu *cpu);

/* Return the whole PSW mask, which QEMU has at the beginning of a block. */
uint64_t cpu_psw_at_block(struct cpu *cpu);

void cpu_load_psw(struct cpu *cpu, uint64_t psw);

/* Set the condition code; @psw is what cpu_psw() returned. */
void cpu_set_cc(struct cpu *cpu, uint64_t psw, unsigned int cc);

#endif /* QEMU_CPU_H */
