// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/asm-extable.h>

#include "abi/lpar.h"
#include "machine.h"

/*
 * A machine without the call ends it with a specification exception, which
 * skips the copy of R2 and so leaves -EOPNOTSUPP.
 */
static int lpar_call(unsigned long code, unsigned long *r3, phys_addr_t r4)
{
	long rc = -EOPNOTSUPP;
	unsigned long error = 0;

	asm volatile("	lgr	%%r2,%[code]\n"
		     "	lgr	%%r3,%[r3]\n"
		     "	lgr	%%r4,%[r4]\n"
		     "	diag	%%r2,%%r3,%[number]\n"
		     "0:	lghi	%[rc],0\n"
		     "	lgr	%[error],%%r2\n"
		     "	lgr	%[r3],%%r3\n"
		     "1:\n"
		     EX_TABLE(0b, 1b)
		     : [rc] "+&d" (rc), [error] "+&d" (error), [r3] "+&d" (*r3)
		     : [code] "d" (code), [r4] "d" (r4), [number] "i" (LPAR_DIAG)
		     : "cc", "memory", "2", "3", "4");
	if (rc)
		return rc;
	return error <= MAX_ERRNO ? -(int)error : -EPROTO;
}

int machine_query(unsigned long *version)
{
	*version = 0;
	return lpar_call(LPAR_QUERY, version, 0);
}

int machine_create_guest(unsigned long *guest)
{
	*guest = 0;
	return lpar_call(LPAR_GUEST_CREATE, guest, 0);
}

int machine_destroy_guest(unsigned long guest)
{
	return lpar_call(LPAR_GUEST_DESTROY, &guest, 0);
}

int machine_set_masks(unsigned long guest, const void *masks)
{
	return lpar_call(LPAR_GUEST_MASKS, &guest, __pa(masks));
}

int machine_listen(u8 isc, const u8 *indicator)
{
	unsigned long r3 = isc;

	return lpar_call(LPAR_GUEST_LISTEN, &r3, indicator ? __pa(indicator) : 0);
}

int machine_fetch_intercept(unsigned long guest, u64 *gprs)
{
	u64 *block = kmalloc(LPAR_INTERCEPT_SIZE, GFP_KERNEL);
	int ret;

	static_assert(LPAR_INTERCEPT_SIZE == 3 * sizeof(*block));
	if (!block)
		return -ENOMEM;
	ret = lpar_call(LPAR_GUEST_INTERCEPT, &guest, __pa(block));
	if (!ret)
		memcpy(gprs, block, LPAR_INTERCEPT_SIZE);
	kfree(block);
	return ret;
}

int machine_answer_intercept(unsigned long guest, u32 status)
{
	return lpar_call(LPAR_GUEST_ANSWER, &guest, status);
}
