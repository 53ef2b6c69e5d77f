/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Uevents tell user space what happens: their action is "change", and they have
 * AP_EVENT and AP_APQN or AP_CONTROL_DOMAIN. A list that is too long for one
 * uevent continues in further ones. See docs/ABI.
 */
#ifndef VFIO_AP_EVENT_H
#define VFIO_AP_EVENT_H

struct device;
struct matrix;

/* Report an event of @dev as a whole. */
void vfio_ap_event_device(struct device *dev, const char *event);
/* Report an event of the queue @apqn. */
void vfio_ap_event_queue(struct device *dev, const char *event, unsigned int apqn);
/* Report that the guest's APCB has changed from @before to @after. */
void vfio_ap_event_apcb(struct device *dev, const struct matrix *before,
			const struct matrix *after);

#endif
