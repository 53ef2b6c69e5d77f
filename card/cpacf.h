/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's CPACF as coprocessors see it. Keys that leave a coprocessor as
 * protected keys are wrapped under a key that only CPACF knows. Each VM has a
 * wrapping key of its own, so that a protected key is of use only to the VM that
 * asked for it.
 *
 * All wrapping keys are derived from the machine's key, which is drawn when it is
 * first needed. It is lost at the end of the process, as it is with every IML of a
 * machine, unless it is saved.
 *
 * Functions that return a bool return false if OpenSSL lacks random numbers or
 * memory.
 */
#ifndef CARD_CPACF_H
#define CARD_CPACF_H

#include "bytes/wrapping.h"

#define CPACF_PATTERN	WRAPPING_PATTERN

/* Get the wrapping key of the VM with the number @vm. */
bool cpacf_wrapping(uint64_t vm, struct wrapping_key *wrapping);

/* Have cpacf_protect() wrap for the VM with the number @vm in this thread; the default is 0. */
void cpacf_serve(uint64_t vm);

/*
 * Write the protected key of @key, an AES key of 16, 24 or 32 bytes, to
 * @protected, for the VM that this thread serves: the wrapped key, which is as long
 * as @key, and the verification pattern of the wrapping key, of CPACF_PATTERN bytes.
 */
bool cpacf_protect(struct slice key, uint8_t *protected);

/*
 * cpacf_key() copies the machine's key, so that it can be saved. cpacf_set_key()
 * sets a key that was saved; it must be called before any other function.
 */
#define CPACF_KEY	32

bool cpacf_key(uint8_t key[CPACF_KEY]);
void cpacf_set_key(const uint8_t key[CPACF_KEY]);

#endif /* CARD_CPACF_H */
