/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be wrong with one queue, by order of whoever tests the software
 * that uses it. A fault strikes as often as its count says: each time that it
 * does, one is taken off, unless the count is FAULT_ALWAYS.
 *
 * BUSY			response code 05 for all but TAPQ, which only shows it
 * FULL			NQAP: response code 10, whatever the queue holds
 * RESET_ERROR		RAPQ, ZAPQ: not begun, response code 07
 * REPLY_LOST		a request leaves the queue, and there is no reply, which
 *			would interrupt
 * REPLY_TRUNCATED	a reply ends in its middle
 * REPLY_TYPE		a reply is of type ff, which no adapter sends
 * REPLY_ID		a reply has another psmid than its request: all bits of
 *			it are turned over
 */
#ifndef CEX_FAULT_H
#define CEX_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
	FAULT_BUSY,
	FAULT_FULL,
	FAULT_RESET_ERROR,
	FAULT_REPLY_LOST,
	FAULT_REPLY_TRUNCATED,
	FAULT_REPLY_TYPE,
	FAULT_REPLY_ID,
	FAULTS,
};

#define FAULT_ALWAYS	UINT64_MAX

/* How often each is still to strike; 0: not at all. */
struct faults {
	uint64_t left[FAULTS];
};

bool fault_is_set(const struct faults *faults, enum fault fault);

/* Have @fault strike if it is set, which takes one off its count; true: it did. */
bool fault_strike(struct faults *faults, enum fault fault);

/* "reply-lost"; and back, FAULTS for what is none. */
const char *fault_name(enum fault fault);
enum fault fault_find(const char *name);

#endif /* CEX_FAULT_H */
