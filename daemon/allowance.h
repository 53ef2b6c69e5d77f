/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many bytes may be written in a time: so many at once, when there was little
 * to write for a while, and so many in a second.
 */
#ifndef DAEMON_ALLOWANCE_H
#define DAEMON_ALLOWANCE_H

#include <stdint.h>

/* @left: of @most; below zero, it is to be waited until it is not any more */
struct allowance {
	int64_t rate;		/* bytes in a second */
	int64_t most;
	int64_t left;
	uint64_t when;		/* @left was this, in nanoseconds */
};

/* All of @most is left. */
struct allowance allowance_of(int64_t rate, int64_t most);

/* Nanoseconds from @now on until something may be written; 0: it may. */
uint64_t allowance_wait(struct allowance *allowance, uint64_t now);

/* @bytes were written, however many. */
void allowance_take(struct allowance *allowance, uint64_t bytes);

#endif /* DAEMON_ALLOWANCE_H */
