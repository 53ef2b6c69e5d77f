/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The crypto measurement: how many requests of which kind queues have processed,
 * and how long that took. It begins with the machine. Only the LPAR sees it.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_MEASUREMENT_H
#define CEX_MEASUREMENT_H

#include "machine.h"

/*
 * Count a request of @queue that belongs to @counter of its adapter, and on
 * which a worker has spent @time nanoseconds. A @counter of -1 is not counted.
 */
void measurement_count(struct queue *queue, int counter, uint64_t time);

/*
 * Set @measurement to that of the queue @apqn or, if @whole is set, to that of
 * all queues that the LPAR has of its adapter. Return -ENODEV if the LPAR has
 * none.
 */
int measurement_read(struct cex_machine *machine, uint16_t apqn, bool whole,
		     struct ap_measurement *measurement);

#endif /* CEX_MEASUREMENT_H */
