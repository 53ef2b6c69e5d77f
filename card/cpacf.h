/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's CPACF as coprocessors see it. Keys that leave a coprocessor as
 * protected keys are wrapped under a key that only CPACF knows.
 *
 * The wrapping key is drawn when it is first needed. It is lost at the end of
 * the process, as it is with every IML of a machine, unless it is saved.
 *
 * Functions that return a bool return false if OpenSSL lacks random numbers or
 * memory.
 */
#ifndef CARD_CPACF_H
#define CARD_CPACF_H

#include "bytes/cursor.h"

#define CPACF_PATTERN	32

/*
 * Write the protected key of @key, an AES key of 16, 24 or 32 bytes, to
 * @protected: the wrapped key, which is as long as @key, and the verification
 * pattern of the wrapping key, of CPACF_PATTERN bytes.
 */
bool cpacf_protect(struct slice key, uint8_t *protected);

/*
 * Do what CPACF does with a protected key: write the clear key to @key. It is
 * also an error if @protected is not wrapped under the wrapping key.
 */
bool cpacf_unprotect(struct slice protected, uint8_t *key);

/*
 * cpacf_key() copies the wrapping key, so that it can be saved. cpacf_set_key()
 * sets a wrapping key that was saved; it must be called before any other
 * function.
 */
#define CPACF_KEY	32

bool cpacf_key(uint8_t key[CPACF_KEY]);
void cpacf_set_key(const uint8_t key[CPACF_KEY]);

#endif /* CARD_CPACF_H */
