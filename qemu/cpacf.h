/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPACF's functions for protected keys, of AES and XTS:
 *
 *	KM R1,R2	b92e	26 to 28 AES, 58 and 60 XTS
 *	KMC R1,R2	b92f	26 to 28 AES
 *	KMCTR R1,R3,R2	b92d	26 to 28 AES
 *	PCC		b92c	58 and 60 XTS parameter of a data unit's block 0
 *	PCKMO		b928	18 to 20: protect a clear AES key
 *
 * GR0 contains the function code, and the bit that requests decryption; GR1
 * contains the address of the parameter block. R1 designates the location of
 * the result, R2 is the pair of address and length of the data, and R3
 * designates the counters. All of them are advanced by the length that was
 * processed. Contents of the parameter block:
 *
 *	KM		key, pattern; for XTS followed by the parameter
 *	KMC		chaining value, key, pattern
 *	KMCTR		key, pattern
 *	PCC		key, pattern, tweak, block number, index, XTS parameter
 *	PCKMO		key, and room for the pattern
 *
 * Condition code 1 indicates that the pattern is not that of the VM's wrapping
 * key, and 3 that a part was processed. A part is at most CPACF_PART bytes long
 * and ends before a page that cannot be accessed, so that the access exception
 * occurs at the first block that is not possible. If the machine or OpenSSL
 * fails, nothing is processed: PCKMO stores zeros, and the others set condition
 * code 1. On a machine, PCKMO leaves the condition code unchanged. Here it sets
 * it to 0 as it does in QEMU, because a plugin cannot read it.
 *
 * QEMU executes all other functions, also those that do not exist: it ends them
 * with a specification exception, as it does if registers or lengths are wrong,
 * or if PCC is given a block number other than 0, which a later QEMU does not
 * compute either. A later QEMU has some functions of this table itself, under a
 * wrapping key that is publicly known; they are executed here nevertheless.
 *
 * QEMU shows facilities 17, 76 and 77, which Linux requires for these
 * instructions, unless its CPU model does not have them.
 *
 * Sources: arch/s390/include/asm/cpacf.h and arch/s390/crypto/paes_s390.c of
 * Linux, target/s390x/tcg of QEMU 11.1.
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

/* Register fields of an instruction, each the number of a register */
struct cpacf_fields {
	uint8_t r1;
	uint8_t r2;
	uint8_t r3;
};

/*
 * Execute the instruction at @pc. Return true when it is complete and the vCPU
 * is to continue after it, or false when QEMU is to execute it.
 */
bool cpacf_run(struct cpu *cpu, struct machine *machine, uint64_t pc,
	       enum cpacf_opcode opcode, struct cpacf_fields fields);

/*
 * Add the functions of this file to QEMU's answers to function code 0 of @insn.
 */
void cpacf_watch(struct qemu_plugin_insn *insn, enum cpacf_opcode opcode);

#endif /* QEMU_CPACF_H */
