/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapters configured by the operating system that runs on the machine, as
 * Linux does when "config" of a card is written.
 *
 *	command			adapter in	response
 *	001f0001 configure	bits 16-23	0020 done
 *	001e0001 deconfigure	bits 16-23	0120 it was so already
 *						09f0 there is no such adapter
 *
 * Bit 31 of the facilities, at byte 48 of the block that READ SCP INFO (00020001,
 * 00120001) stores, says that there are these commands.
 *
 * SERVC (b220) is left to QEMU, which stores its answer at once, and makes an
 * interruption pending. Programs look at the answer when that has come, on
 * whatever CPU; so it is completed when one comes. For QEMU a configure command
 * is an unknown one, with response code 01f0 and an interruption.
 *
 * Facts: drivers/s390/char/sclp_ap.c and sclp.h of Linux; response codes as of
 * the same commands for PCI functions, include/hw/s390x/sclp.h of QEMU.
 */
#ifndef QEMU_SCLP_H
#define QEMU_SCLP_H

#include "cpu.h"
#include "machine.h"

/* SERVC is about to be executed with register @r1 and @r2. */
void sclp_call(struct cpu *cpu, struct machine *machine, unsigned int r1,
	       unsigned int r2);

/* An interruption has been delivered to @cpu; its program has not seen it yet. */
void sclp_interrupted(struct cpu *cpu);

/* The VM was reset: no answer has to be completed any more. */
void sclp_reset(void);

#endif /* QEMU_SCLP_H */
