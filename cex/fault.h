/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of one queue, which a person who tests the software that uses it can
 * set. A fault strikes as often as its count says: each time that it strikes,
 * its count is reduced by one, unless that is FAULT_ALWAYS.
 *
 * BUSY			response code 05 for every instruction; TAPQ and QACT
 *			show it without counting
 * FULL			NQAP: response code 10, whatever the queue holds
 * RESET_ERROR		RAPQ, ZAPQ: response code 07, and no reset begins
 * REPLY_LOST		a request leaves the queue without a reply, and without
 *			the interruption that a reply would cause
 * REPLY_TRUNCATED	a reply ends in its middle
 * REPLY_TYPE		a reply has the type ff, which no adapter sends
 * REPLY_ID		a reply has a psmid with all bits of that of its request
 *			inverted
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

/* How often each fault is still to strike; 0 if it is not set. */
struct faults {
	uint64_t left[FAULTS];
};

bool fault_is_set(const struct faults *faults, enum fault fault);

/* Have @fault strike if it is set, and count that. Return whether it struck. */
bool fault_strike(struct faults *faults, enum fault fault);

/*
 * fault_name() returns the name of a fault, such as "reply-lost". fault_find()
 * returns the fault of that name, or FAULTS if there is none.
 */
const char *fault_name(enum fault fault);
enum fault fault_find(const char *name);

#endif /* CEX_FAULT_H */
