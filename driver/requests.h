/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the workers of devices and of queues, and the work queues that these run on. What
 * a worker does, those know who initialize its work: apcb.h and reset.h.
 */
#ifndef VFIO_AP_REQUESTS_H
#define VFIO_AP_REQUESTS_H

struct matrix_mdev;
struct queue;

/* Returns 0 or -ENOMEM. */
int vfio_ap_requests_setup(void);
void vfio_ap_requests_cleanup(void);

/* Bring @m's guest up to date. Needs tables.lock, which keeps @m listed. */
void vfio_ap_request_refresh(struct matrix_mdev *m);
/* The worker of a device has done so, or was cancelled. */
void vfio_ap_refresh_done(void);
/* Wait until every guest is up to date, a second at most: one may hold its KVM's lock. */
void vfio_ap_wait_for_refreshes(void);

/* Begin the reset of @q in @delay jiffies, whatever its worker had planned. */
void vfio_ap_request_reset(struct queue *q, unsigned long delay);
/* Look at the reset of @q in @delay jiffies, unless something else was requested meanwhile. */
void vfio_ap_request_look(struct queue *q, unsigned long delay);

#endif
