/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the AP bus does to a queue on its own, independently of the queue's
 * driver. No call of the bus tells that: ap_queue_usable() is false for a queue
 * that the bus is going to initialize and for one that it leaves alone, and
 * TAPQ tells what the queue does, not what the bus will do. Therefore bus.c,
 * and no other file, reads fields of struct ap_queue that are the bus's own.
 */
#ifndef VFIO_AP_BUS_H
#define VFIO_AP_BUS_H

#include <linux/types.h>

struct ap_queue;

/*
 * Return whether the bus is about to initialize the queue, which it has
 * created: it resets the queue and, where it can, enables interruptions for the
 * host.
 */
bool vfio_ap_bus_is_busy(struct ap_queue *aq);
/*
 * Return whether the bus will initialize the queue at a later scan. That is so
 * from when it has seen the queue deconfigured, checkstopped or in error until
 * it sees the queue come back.
 */
bool vfio_ap_bus_sees_away(struct ap_queue *aq);
/*
 * Make the bus continue to initialize the queue, which has been bound to a
 * driver.
 */
void vfio_ap_bus_resume(struct ap_queue *aq);

#endif
