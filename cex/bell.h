/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bell that the machine rings for a VM: a word of memory that both share, and
 * that the VM only needs to read. Nothing that the VM does or fails to do holds
 * up whoever rings the bell.
 */
#ifndef CEX_BELL_H
#define CEX_BELL_H

#include <stdint.h>

/*
 * Ring the bell, without waking a waiter. Whoever reads it from now on sees
 * that it was rung.
 */
void bell_ring(_Atomic uint32_t *bell);

/*
 * Wake one of those who wait. It is only one, because a VM may have any number
 * of threads wait and must not make others wake all of them. @bell does not
 * need to be mapped any more.
 */
void bell_wake(const _Atomic uint32_t *bell);

/*
 * Wait until the bell was rung since its word was *@seen, until bell_nudge() is
 * called or until @nanoseconds have passed. Set *@seen to the word.
 */
void bell_wait(const _Atomic uint32_t *bell, uint32_t *seen, uint64_t nanoseconds);

/* Wake all who wait, although the bell was not rung. */
void bell_nudge(const _Atomic uint32_t *bell);

#endif /* CEX_BELL_H */
