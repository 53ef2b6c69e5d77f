/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupts of the VFIO device, by which its user is notified: an eventfd
 * for each. Callers serialize all calls.
 */
#ifndef VFIO_AP_EVENTFDS_H
#define VFIO_AP_EVENTFDS_H

struct eventfd_ctx;

enum { IRQ_REQUEST, IRQ_CONFIG_CHANGED, NR_IRQS_OF_MDEV };

struct eventfds {
	struct eventfd_ctx *irq[NR_IRQS_OF_MDEV];	/* NULL unless the user has set one */
};

/*
 * Make @irq signal @trigger, or nothing if that is NULL. The reference on
 * @trigger is taken over.
 */
void vfio_ap_eventfds_set(struct eventfds *eventfds, unsigned int irq,
			  struct eventfd_ctx *trigger);
void vfio_ap_eventfds_clear(struct eventfds *eventfds);
void vfio_ap_eventfds_signal(struct eventfds *eventfds, unsigned int irq);

#endif
