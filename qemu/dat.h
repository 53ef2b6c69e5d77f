/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dynamic address translation: from the logical address of an operand to the
 * absolute address of its byte, or to the program interruption that an access
 * to it causes.
 *
 * This walks through the guest's tables as the CPU does, because a plugin can
 * ask QEMU for the outcome of a translation but not for the reason of its
 * failure, nor for a page's protection. It has no state and calls nothing but
 * @fetch.
 *
 * Supported are PSW DAT and address-space control (primary, secondary, home),
 * regions, segments and pages of 4 KiB, 1 MiB and 2 GiB, DAT protection,
 * low-address protection and prefixing. A plugin cannot read storage keys, so
 * key-controlled protection is not applied. QEMU ends a guest that enters
 * access-register mode.
 */
#ifndef QEMU_DAT_H
#define QEMU_DAT_H

#include <stdbool.h>
#include <stdint.h>

#define PSW_DAT		0x0400000000000000ull
#define PSW_PROBLEM	0x0001000000000000ull
#define PSW_AS		0x0000c00000000000ull
#define PSW_CC		0x0000300000000000ull
#define PSW_EA		0x0000000100000000ull
#define PSW_BA		0x0000000080000000ull
#define PSW_AS_SHIFT	46
#define PSW_CC_SHIFT	44

#define PAGE_SIZE	4096ull

enum dat_check {
	DAT_PROTECTION		= 0x04,
	DAT_ADDRESSING		= 0x05,
	DAT_SEGMENT		= 0x10,
	DAT_PAGE		= 0x11,
	DAT_SPECIFICATION	= 0x12,
	DAT_ASCE_TYPE		= 0x38,
	DAT_REGION_FIRST	= 0x39,
	DAT_REGION_SECOND	= 0x3a,
	DAT_REGION_THIRD	= 0x3b,
};

/* The state on which a translation depends */
struct dat {
	uint64_t psw;		/* mask */
	uint64_t cr0;
	uint64_t asce;		/* control register dat_asce_register(psw) */
	uint64_t prefix;
	/*
	 * Read the doubleword at an absolute address; return false if there is
	 * no such storage.
	 */
	bool (*fetch)(void *context, uint64_t absolute, uint64_t *entry);
	void *context;
};

/* @teid: translation-exception identification, if the code has one */
struct dat_fault {
	uint16_t code;
	uint64_t teid;
};

/* Return the number of the control register for the address space of @psw. */
unsigned int dat_asce_register(uint64_t psw);

/* Wrap @address to the addressing mode of @psw: 24, 31 or 64 bits. */
uint64_t dat_wrap(uint64_t psw, uint64_t address);

/* Apply prefixing: exchange the first 8 KiB and those at @prefix. */
uint64_t dat_absolute(uint64_t prefix, uint64_t real);

/*
 * Translate @address, which is wrapped already, for a store or a fetch. Return
 * true with @absolute, or false with @fault. The function does not check
 * whether there is storage at @absolute.
 */
bool dat_translate(const struct dat *dat, uint64_t address, bool store,
		   uint64_t *absolute, struct dat_fault *fault);

#endif /* QEMU_DAT_H */
