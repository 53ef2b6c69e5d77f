/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's CPACF as coprocessors see it: the place that keys go to when
 * they leave a coprocessor as protected keys, wrapped under a key that only
 * CPACF knows.
 *
 * The wrapping key is drawn when it is first needed. It is lost with the
 * process, as it is with every IML on a machine, unless it is kept.
 */
#ifndef CARD_CPACF_H
#define CARD_CPACF_H

#include "bytes/cursor.h"

#define CPACF_PATTERN	32

/*
 * Write the protected key of an AES key of 16, 24 or 32 bytes: the wrapped
 * key, as long as the key, and CPACF_PATTERN bytes, the wrapping key's
 * verification pattern. False when there are no random numbers.
 */
bool cpacf_protect(struct slice key, uint8_t *protected);

/* CPACF's part: the clear key of a protected key. */
bool cpacf_unprotect(struct slice protected, uint8_t *key);

/*
 * The wrapping key: to keep it, and to go on with one that was kept, before any
 * other use. The former is false as cpacf_protect() is.
 */
#define CPACF_KEY	32

bool cpacf_key(uint8_t key[CPACF_KEY]);
void cpacf_set_key(const uint8_t key[CPACF_KEY]);

#endif /* CARD_CPACF_H */
