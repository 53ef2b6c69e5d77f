/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reset and zeroize queues, all at the same time, on a workqueue of its own.
 *
 * A reset that does not finish in reset_timeout_ms (a module parameter) puts the
 * queue in quarantine. Quarantined and unavailable queues are tried again every
 * second.
 */
#ifndef VFIO_AP_RESET_H
#define VFIO_AP_RESET_H

struct queue;

/* Returns 0 or -ENOMEM. */
int reset_setup(void);
void reset_cleanup(void);

void reset_init(struct queue *q);
/*
 * Start what queue_state_init(), queue_state_leave() or queue_state_reset() has asked for;
 * queue_settled() tells the end. Needs registry.lock.
 */
void reset_begin(struct queue *q);

#endif
