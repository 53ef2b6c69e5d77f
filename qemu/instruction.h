/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PQAP, NQAP and DQAP: what their operands mean, which of them the machine
 * refuses, and how they change the registers. Nothing here depends on QEMU.
 *
 *	PQAP		b2af0000	GR0 function code and APQN, GR1, GR2
 *	NQAP R1,R2	b2ad00..	GR0 APQN, R1 pair psmid, R2 pair message
 *	DQAP R1,R2	b2ae00..	the same
 *
 * The low words of the pair R1 contain the upper and lower half of the psmid.
 * The pair R2 is address and length of the message area, and is advanced by the
 * length that was sent or received. The 24- and 31-bit modes ignore the upper
 * halves of the registers of the pair.
 *
 * A reply longer than the area is received in parts: DQAP ends with condition
 * code 1 and the remaining length in GR2, and the next DQAP continues from
 * there. GR0 is not changed; Linux uses it for the next part unless it is zero.
 * NQAP treats every request as complete: its L bit, which Linux always sets,
 * has no effect.
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

/* Two registers that form one operand, even and odd */
struct register_pair {
	uint64_t even;
	uint64_t odd;
};

/*
 * An instruction and the registers it uses, before and after its execution.
 * PQAP has neither pair, and GR2 is not an input of NQAP and DQAP. AQIC exists
 * only if facility 65 is shown, which is @interruptible.
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

/* The registers that an instruction changed; GR1 always contains the status. */
struct instruction_changes {
	bool gr1;
	bool gr2;
	bool psmid;
	bool area;
};

/* Return the program interruption code for wrong operands, or 0. */
uint16_t instruction_check(const struct instruction *i);

/*
 * Return the address of the message area of NQAP or DQAP, or of QCI's block;
 * others have an empty area.
 */
uint64_t instruction_address(const struct instruction *i);
uint32_t instruction_length(const struct instruction *i);

/*
 * Return the longest message area of an adapter for which TAPQ returns
 * @information.
 */
uint32_t instruction_limit(uint64_t information);

/* Return whether the instruction stores into its area, or fetches from it. */
bool instruction_stores(const struct instruction *i);

/* Make the command that carries a checked instruction to the machine. */
void instruction_command(const struct instruction *i,
			 struct ap_command *command);

/*
 * Set condition code and registers by the machine's answer, and return which of
 * them changed.
 */
struct instruction_changes
instruction_complete(struct instruction *i, const struct ap_result *result);

#endif /* QEMU_INSTRUCTION_H */
