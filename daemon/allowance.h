/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An allowance limits how many bytes are written: at most @most bytes at once
 * after a time with few writes, and @rate bytes per second in the long run.
 */
#ifndef DAEMON_ALLOWANCE_H
#define DAEMON_ALLOWANCE_H

#include <stdint.h>

/*
 * @left: bytes that may be written; if negative, writing has to wait
 * @when: time at which @left was right, in nanoseconds
 */
struct allowance {
	int64_t rate;		/* bytes per second */
	int64_t most;
	int64_t left;
	uint64_t when;
};

/* Return an allowance of which all @most bytes are left. */
struct allowance allowance_of(int64_t rate, int64_t most);

/*
 * Return how many nanoseconds after @now bytes may be written; 0 means at once.
 */
uint64_t allowance_wait(struct allowance *allowance, uint64_t now);

/* Account for @bytes that were written. They may exceed what is left. */
void allowance_take(struct allowance *allowance, uint64_t bytes);

#endif /* DAEMON_ALLOWANCE_H */
