/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the AP bus does to a queue by itself, beside its driver.
 */
#ifndef VFIO_AP_BUS_H
#define VFIO_AP_BUS_H

#include <linux/types.h>

struct ap_queue;

/*
 * Whether the bus is about to initialize the queue, which it has created: by a reset of its own
 * and, where it can, by switching on interruptions for the host.
 */
bool vfio_ap_bus_is_busy(struct ap_queue *aq);
/*
 * Whether the bus is going to initialize the queue at a scan to come, since it has seen it
 * deconfigured, checkstopped or in error, and has not yet seen it come back.
 */
bool vfio_ap_bus_sees_away(struct ap_queue *aq);
/* The queue has got a driver: have the bus go on with what it began before. */
void vfio_ap_bus_resume(struct ap_queue *aq);

#endif
