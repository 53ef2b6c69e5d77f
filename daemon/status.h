/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine looks like at the moment: for people, and for scripts. The
 * JSON form is described in swcexd(8).
 *
 * It is written in steps, so that a machine of 65536 queues holds nobody up:
 * each takes well under a millisecond. Each queue is told as it is when its
 * turn comes.
 */
#ifndef DAEMON_STATUS_H
#define DAEMON_STATUS_H

#include <stdio.h>

#include "cex/cex.h"

/* All zero but @json at first. */
struct status {
	bool json;
	bool begun;
	bool listed;		/* a queue */
	unsigned int next;	/* APQN, or beyond the last one */
};

/* Write the next step to @out. False: it was the last one. */
bool status_step(struct status *status, FILE *out, struct cex_machine *machine);

#endif /* DAEMON_STATUS_H */
