/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration of adapters by the operating system that runs on the machine,
 * as Linux does when "config" of a card is written.
 *
 *	command			adapter in	response
 *	001f0001 configure	bits 16-23	0020 done
 *	001e0001 deconfigure	bits 16-23	0120 it was so already
 *						09f0 there is no such adapter
 *
 * Bit 31 of the facilities, at byte 48 of the block that READ SCP INFO
 * (00020001, 00120001) stores, indicates that these commands exist.
 *
 * SERVC (b220) is left to QEMU, which stores its answer at once, and makes an
 * interruption pending. Programs read the answer after that interruption, on
 * whatever CPU it occurs, so the answer is completed when one is delivered. For
 * QEMU a configure command is an unknown one, with response code 01f0 and an
 * interruption.
 *
 * Sources: drivers/s390/char/sclp_ap.c and sclp.h of Linux; the response codes
 * are those of the same commands for PCI functions, include/hw/s390x/sclp.h of
 * QEMU.
 */
#ifndef QEMU_SCLP_H
#define QEMU_SCLP_H

#include "cpu.h"
#include "machine.h"

/* Note that SERVC is about to be executed with registers @r1 and @r2. */
void sclp_call(struct cpu *cpu, struct machine *machine, unsigned int r1,
	       unsigned int r2);

/*
 * Complete the answer after an interruption was delivered to @cpu, which its
 * program has not seen yet.
 */
void sclp_interrupted(struct cpu *cpu);

/* Forget an answer that is to be completed, because the VM was reset. */
void sclp_reset(void);

#endif /* QEMU_SCLP_H */
