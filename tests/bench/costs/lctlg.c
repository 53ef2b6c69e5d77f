// SPDX-License-Identifier: GPL-2.0-only
/*
 * LCTLG flushes the whole TLB, whatever it loads: here control register 2, with
 * what it already contains. What follows finds none of its pages.
 */
#include "costs.h"

#define PAGES	32

static volatile uint8_t pages[PAGES][4096] __attribute__((aligned(4096)));

static void touch(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		pages[i][0];
}

static void with(void)
{
	uint64_t cr2;

	asm volatile("stctg 2,2,%0" : "=Q"(cr2));
	asm volatile("lctlg 2,2,%0" : : "Q"(cr2));
	touch();
}

static void without(void)
{
	uint64_t cr2;

	asm volatile("stctg 2,2,%0" : "=Q"(cr2));
	touch();
}

int main(void)
{
	compare("LCTLG before 32 pages are read", with, without);
	return 0;
}
