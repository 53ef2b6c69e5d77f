/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space is told: uevents of the action "change" with AP_EVENT and
 * AP_APQN or AP_CONTROL_DOMAIN, a list that is continued in further uevents where one
 * cannot hold it. See docs/ABI.
 */
#ifndef VFIO_AP_EVENT_H
#define VFIO_AP_EVENT_H

struct device;
struct matrix;

/* Something happened to @dev as a whole. */
void vfio_ap_event_device(struct device *dev, const char *event);
/* Something happened to the queue @apqn. */
void vfio_ap_event_queue(struct device *dev, const char *event, unsigned int apqn);
/* The guest of @dev had @before in its APCB and has @after now. */
void vfio_ap_event_apcb(struct device *dev, const struct matrix *before,
			const struct matrix *after);

#endif
