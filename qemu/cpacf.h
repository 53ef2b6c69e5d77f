/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPACF's functions for protected keys, of AES and XTS:
 *
 *	KM R1,R2	b92e	26 to 28 AES, 58 and 60 XTS
 *	KMC R1,R2	b92f	26 to 28 AES
 *	KMCTR R1,R3,R2	b92d	26 to 28 AES
 *	PCC		b92c	58 and 60 XTS parameter, of block 0 of a data unit
 *	PCKMO		b928	18 to 20: make a protected key of a clear one of AES
 *
 * GR0 has the function code, and the bit that says to decrypt; GR1 names the
 * parameter block. R1 names where the result goes, R2 is the pair of address and
 * length of the data, R3 names the counters; all move on by what was done.
 *
 *	KM		key, pattern; of XTS followed by the parameter
 *	KMC		chaining value, key, pattern
 *	KMCTR		key, pattern
 *	PCC		key, pattern, tweak, number of the block, index, XTS parameter
 *	PCKMO		key, and room for the pattern
 *
 * Condition code 1 tells that the pattern is not that of the VM's wrapping key, 3
 * that a part was done: at most CPACF_PART bytes at a time, and none behind a page
 * that cannot be accessed, so that the access exception comes with the first block
 * that is not possible. PCKMO, which leaves the condition code alone on a machine,
 * sets it to 0 as it does in QEMU: a plugin cannot read it.
 *
 * All other functions are QEMU's, also those that are not there: it ends them with a
 * specification exception, as it does if registers or lengths are not right. So it
 * does where PCC is given the number of another block than 0, which a later QEMU does
 * not compute either. A later QEMU has some functions of this table itself, under a
 * wrapping key that is known to everybody; they are executed here all the same.
 *
 * The facilities that Linux asks for before it uses these instructions, 17, 76 and 77,
 * are shown by QEMU, unless its CPU model is one without them.
 *
 * Facts: arch/s390/include/asm/cpacf.h and arch/s390/crypto/paes_s390.c of Linux,
 * target/s390x/tcg of QEMU 11.1.
 */
#ifndef QEMU_CPACF_H
#define QEMU_CPACF_H

#include "cpu.h"
#include "machine.h"
#include "qemu-plugin-api.h"

#define CPACF_PART	32768

enum cpacf_opcode {
	CPACF_PCKMO	= 0xb928,
	CPACF_PCC	= 0xb92c,
	CPACF_KMCTR	= 0xb92d,
	CPACF_KM	= 0xb92e,
	CPACF_KMC	= 0xb92f,
};

/* Register fields of an instruction, each with the number of a register */
struct cpacf_fields {
	uint8_t r1;
	uint8_t r2;
	uint8_t r3;
};

/*
 * Execute the instruction at @pc. Returns true when it is complete and the vCPU
 * is to go on behind it, false when QEMU is to execute it.
 */
bool cpacf_run(struct cpu *cpu, struct machine *machine, uint64_t pc,
	       enum cpacf_opcode opcode, struct cpacf_fields fields);

/* Have QEMU's answers to function code 0 of @insn show the functions from here. */
void cpacf_watch(struct qemu_plugin_insn *insn, enum cpacf_opcode opcode);

#endif /* QEMU_CPACF_H */
