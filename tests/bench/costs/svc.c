// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each interruption discards all translated code of the lowcore, so an LPSWE
 * that lies there, where Linux has the one that returns from a system call, is
 * translated for every SVC. The same LPSWE elsewhere is translated once.
 */
#include "costs.h"
#include "tests/bare/lowcore.h"

#define PSW_64BIT	0x180000000ull
#define LPSWE_SVC_OLD	(0xb2b20000u | LC_SVC_OLD_PSW)
#define THERE		0x900	/* in the lowcore */

static uint32_t elsewhere __attribute__((aligned(4096))) = LPSWE_SVC_OLD;

static void call(uintptr_t handler)
{
	LC(uint64_t, LC_SVC_NEW_PSW) = PSW_64BIT;
	LC(uint64_t, LC_SVC_NEW_PSW + 8) = handler;
	asm volatile("svc 0" : : : "cc", "memory");
}

static void with(void)
{
	call(THERE);
}

static void without(void)
{
	call((uintptr_t)&elsewhere);
}

int main(void)
{
	LC(uint32_t, THERE) = LPSWE_SVC_OLD;
	compare("SVC with LPSWE in the lowcore", with, without);
	return 0;
}
