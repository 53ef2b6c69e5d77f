/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VM is shown of its queues (shelf.h).
 *
 * A queue is shown to the VM that uses it, while a DQAP could do nothing but
 * receive the reply that the shelf has, or find none: no other VM has a request
 * in it, no reply was taken in part, no reset is in progress, no fault strikes
 * DQAP, its adapter operates, and the state that an answer depends on is saved.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_DISPLAY_H
#define CEX_DISPLAY_H

#include "queue.h"

/*
 * Show @queue, as it is at the time @now, on the shelf of @client, or withdraw
 * it from there if it cannot be shown. State up to the revision @saved is saved.
 */
void display_show(struct queue *queue, const struct client *client, uint64_t now,
		  uint64_t saved);

/*
 * Drop the replies that the VM @client has taken, whose slots it names by
 * @taken. What was withdrawn and not taken stays in its queue, for any VM. Call
 * @changed once for each queue that this concerns.
 */
void display_take(const struct client *client, uint64_t taken,
		  void (*changed)(struct queue *queue, void *context),
		  void *context);

#endif /* CEX_DISPLAY_H */
