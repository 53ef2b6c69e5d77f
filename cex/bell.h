/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bell that the machine rings for a VM: a word of memory that both share, of
 * which the VM needs only a read-only view. Nothing that the VM does or leaves
 * undone holds up whoever rings.
 */
#ifndef CEX_BELL_H
#define CEX_BELL_H

#include <stdint.h>

/* Whoever looks at the bell from now on, sees that it was rung. */
void bell_ring(_Atomic uint32_t *bell);

/*
 * Wake one of those who wait: a VM may have as many threads wait as it likes,
 * and must not have others wake all of them. @bell need not be there any more.
 */
void bell_wake(const _Atomic uint32_t *bell);

/*
 * Wait until the bell has been rung since its word was *@seen, which is brought
 * up to date, or until @nanoseconds have passed.
 */
void bell_wait(const _Atomic uint32_t *bell, uint32_t *seen, uint64_t nanoseconds);

/* Have all who wait look around, though the bell was not rung. */
void bell_nudge(const _Atomic uint32_t *bell);

#endif /* CEX_BELL_H */
