/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's CPACF as coprocessors see it: the place that keys go to when
 * they leave a coprocessor as protected keys, wrapped under a key that only
 * CPACF knows.
 *
 * The wrapping key is drawn when it is first needed and is lost with the
 * process, as it is with every IML on a machine.
 */
#ifndef CPACF_H
#define CPACF_H

#include "cursor.h"

#define CPACF_PATTERN	32

/*
 * Write the protected key of an AES key of 16, 24 or 32 bytes: the wrapped
 * key, as long as the key, and CPACF_PATTERN bytes, the wrapping key's
 * verification pattern. False when there are no random numbers.
 */
bool cpacf_protect(struct slice key, uint8_t *protected);

/* CPACF's part: the clear key of a protected key. */
bool cpacf_unprotect(struct slice protected, uint8_t *key);

#endif /* CPACF_H */
