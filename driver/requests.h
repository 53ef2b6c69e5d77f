/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the workers of devices and queues, and the work queues on which
 * these run. The functions of the workers are in apcb.h and reset.h.
 */
#ifndef VFIO_AP_REQUESTS_H
#define VFIO_AP_REQUESTS_H

struct matrix_mdev;
struct queue;

/* Return 0 or -ENOMEM. */
int vfio_ap_requests_setup(void);
void vfio_ap_requests_cleanup(void);

/*
 * Request that @m's guest be brought up to date. The caller holds tables.lock,
 * which keeps @m listed.
 */
void vfio_ap_request_refresh(struct matrix_mdev *m);
/* Account for a requested refresh that is done or was cancelled. */
void vfio_ap_refresh_done(void);
/*
 * Wait until every guest is up to date, but a second at most, as a guest may
 * hold its KVM's lock.
 */
void vfio_ap_wait_for_refreshes(void);

/*
 * Begin the reset of @q in @delay jiffies, in place of whatever its worker had
 * planned.
 */
void vfio_ap_request_reset(struct queue *q, unsigned long delay);
/*
 * Check the reset of @q in @delay jiffies, unless another request was made
 * meanwhile.
 */
void vfio_ap_request_look(struct queue *q, unsigned long delay);

#endif
