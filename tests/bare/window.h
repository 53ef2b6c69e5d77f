/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual storage: two address spaces, in which the first 64 MiB are mapped to
 * themselves, and WINDOW to a few pages that lie apart or cannot be accessed.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "lowcore.h"

#define PAGE		4096
#define LC_TEID		0x0a8

#define CHECK_PROTECTION	0x04
#define CHECK_SEGMENT		0x10
#define CHECK_PAGE		0x11
#define CHECK_ASCE_TYPE		0x38

#define TEID_FETCH		0x800
#define TEID_STORE		0x400
#define TEID_SECONDARY		2

/* Tables that map the first 64 MiB to themselves, and WINDOW to pages. */
#define SEGMENTS		512
#define SEGMENT_FRAME		0x400
#define SEGMENT_INVALID		0x20
#define PAGE_INVALID		0x400
#define PAGE_PROTECTED		0x200
#define CR0_ENHANCED_DAT	(1ull << 23)
#define WINDOW			(256ull << 20)

static uint64_t primary[SEGMENTS] __attribute__((aligned(PAGE)));
static uint64_t secondary[SEGMENTS] __attribute__((aligned(PAGE)));
static uint64_t window[2][256] __attribute__((aligned(PAGE)));

static uint8_t area[4 * PAGE] __attribute__((aligned(PAGE)));

/* Pages of the window. The two adjacent ones are apart in real storage. */
enum { CROSSING, CROSSED, PROTECTED, INVALID };

static void make_window(uint64_t *table, uint64_t *pages, const uint8_t *crossing,
			const uint8_t *crossed)
{
	for (unsigned int i = 0; i < SEGMENTS; i++)
		table[i] = i < 64 ? (uint64_t)i << 20 | SEGMENT_FRAME : SEGMENT_INVALID;
	for (unsigned int i = 0; i < 256; i++)
		pages[i] = PAGE_INVALID;
	pages[CROSSING] = (uintptr_t)crossing;
	pages[CROSSED] = (uintptr_t)crossed;
	pages[PROTECTED] = (uintptr_t)(area + 3 * PAGE) | PAGE_PROTECTED;
	table[WINDOW >> 20] = (uintptr_t)pages;
}

static void load_control(uint64_t cr0, uint64_t cr1, uint64_t cr7)
{
	asm volatile("lctlg	%%c0,%%c0,%0\n"
		     "	lctlg	%%c1,%%c1,%1\n"
		     "	lctlg	%%c7,%%c7,%2\n"
		     : : "Q"(cr0), "Q"(cr1), "Q"(cr7) : "memory");
}

/* From here on, instructions that run with DAT find the spaces. */
static void make_spaces(void)
{
	uint64_t cr0;

	make_window(primary, window[0], area + 2 * PAGE, area);
	make_window(secondary, window[1], area + PAGE, area + 3 * PAGE);
	asm volatile("stctg	%%c0,%%c0,%0" : "=Q"(cr0));
	load_control(cr0 | CR0_ENHANCED_DAT, (uintptr_t)primary, (uintptr_t)secondary);
}

#endif /* WINDOW_H */
