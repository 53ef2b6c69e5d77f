/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PQAP, NQAP and DQAP: what their operands mean, which of them the machine
 * refuses, and what becomes of the registers. Nothing here knows of QEMU.
 *
 *	PQAP		b2af0000	GR0 function code and APQN, GR1, GR2
 *	NQAP R1,R2	b2ad00..	GR0 APQN, R1 pair psmid, R2 pair message
 *	DQAP R1,R2	b2ae00..	the same
 *
 * Of the pair R1, the low words hold the upper and lower half of the psmid.
 * The pair R2 is address and length of the message area, and moves on by what
 * was sent or received. In the 24- and 31-bit modes the upper halves of the
 * registers of the pair take no part.
 *
 * A reply longer than the area is received in parts: DQAP ends with condition
 * code 1 and the rest to come in GR2, and the next DQAP goes on from there.
 * GR0 stays as it is; Linux uses it for the next part unless it is zero. NQAP
 * takes any request for a whole one: its L bit, which Linux always sets, has no
 * effect.
 */
#ifndef QEMU_INSTRUCTION_H
#define QEMU_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/ap.h"

enum instruction_kind {
	INSTRUCTION_PQAP = 0xaf,
	INSTRUCTION_NQAP = 0xad,
	INSTRUCTION_DQAP = 0xae,
};

/* Two registers that are one operand, even and odd */
struct register_pair {
	uint64_t even;
	uint64_t odd;
};

/*
 * An instruction and the registers it uses, before and after its execution.
 * PQAP has neither pair, NQAP and DQAP no GR2 as input. AQIC exists only where
 * facility 65 is shown, which is @interruptible.
 */
struct instruction {
	enum instruction_kind kind;
	bool interruptible;
	uint8_t r1;
	uint8_t r2;
	uint64_t psw;		/* mask, without condition code */
	uint64_t gr[3];
	struct register_pair psmid;
	struct register_pair area;
	unsigned int cc;
};

/* Which registers an instruction changed; GR1 always holds the status. */
struct instruction_changes {
	bool gr1;
	bool gr2;
	bool psmid;
	bool area;
};

/* The program interruption code that the operands end with, or 0. */
uint16_t instruction_check(const struct instruction *i);

/* The message area: NQAP's and DQAP's own, QCI's block, or empty. */
uint64_t instruction_address(const struct instruction *i);
uint32_t instruction_length(const struct instruction *i);

/* The longest message area of an adapter of which TAPQ tells @information */
uint32_t instruction_limit(uint64_t information);

/* Does the instruction store into its area (or fetch from it)? */
bool instruction_stores(const struct instruction *i);

/* The command that carries a checked instruction to the machine. */
void instruction_command(const struct instruction *i,
			 struct ap_command *command);

/* Set condition code and registers by the machine's answer. */
struct instruction_changes
instruction_complete(struct instruction *i, const struct ap_result *result);

#endif /* QEMU_INSTRUCTION_H */
