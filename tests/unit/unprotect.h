/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPACF of VM 0, for which a thread works at first, makes of a protected
 * key.
 */
#ifndef UNPROTECT_H
#define UNPROTECT_H

#include "card/cpacf.h"

static inline bool unprotect(struct slice protected, uint8_t *key)
{
	struct wrapping_key wrapping;

	return cpacf_wrapping(0, &wrapping) &&
	       wrapping_unprotect(&wrapping, protected, key);
}

#endif /* UNPROTECT_H */
