/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The status of a machine, as text for people and as JSON for scripts.
 * swcexd(8) describes the JSON form.
 *
 * The status is written in steps that take well below a millisecond each, so
 * that a machine of 65536 queues delays nobody. Each queue is described as it
 * is when its step is written.
 */
#ifndef DAEMON_STATUS_H
#define DAEMON_STATUS_H

#include <stdio.h>

#include "cex/cex.h"

/*
 * @json: set by the caller; everything else starts as zero
 * @listed: a queue has been written
 * @next: next APQN to write, or beyond the last one
 */
struct status {
	bool json;
	bool begun;
	bool listed;
	unsigned int next;
};

/*
 * Write the next part of the status to @out. Return false if that was the last
 * one.
 */
bool status_step(struct status *status, FILE *out, struct cex_machine *machine);

#endif /* DAEMON_STATUS_H */
