// SPDX-License-Identifier: GPL-2.0-only
#include <linux/eventfd.h>

#include "eventfds.h"

void vfio_ap_eventfds_set(struct eventfds *eventfds, unsigned int irq,
			  struct eventfd_ctx *trigger)
{
	swap(eventfds->irq[irq], trigger);
	if (trigger)
		eventfd_ctx_put(trigger);
}

void vfio_ap_eventfds_clear(struct eventfds *eventfds)
{
	for (unsigned int irq = 0; irq < NR_IRQS_OF_MDEV; irq++)
		vfio_ap_eventfds_set(eventfds, irq, NULL);
}

void vfio_ap_eventfds_signal(struct eventfds *eventfds, unsigned int irq)
{
	if (eventfds->irq[irq])
		eventfd_signal_one(eventfds->irq[irq]);
}
