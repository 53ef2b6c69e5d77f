// SPDX-License-Identifier: GPL-2.0-only
/*
 * While low-address protection is on, as it is in Linux, no store to the first
 * page stays in the TLB, also where nothing is protected, from address 512 on.
 */
#include "costs.h"
#include "tests/bare/lowcore.h"

#define CR0_PROTECTION	(1ull << 28)
#define STORES		32

static void store(void)
{
	for (unsigned int i = 0; i < STORES; i++)
		LC(uint64_t, 0x800) = i;
}

static void load_cr0(uint64_t change)
{
	uint64_t cr0;

	asm volatile("stctg 0,0,%0" : "=Q"(cr0));
	cr0 ^= change;
	asm volatile("lctlg 0,0,%0" : : "Q"(cr0));
}

static void with(void)
{
	load_cr0(CR0_PROTECTION);
	store();
	load_cr0(CR0_PROTECTION);
}

static void without(void)
{
	load_cr0(0);
	store();
	load_cr0(0);
}

int main(void)
{
	compare("32 stores to the lowcore, protected", with, without);
	return 0;
}
