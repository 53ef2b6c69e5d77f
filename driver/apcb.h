/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The APCB of a device's guest follows from which queues are assigned, bound
 * and clean.
 */
#ifndef VFIO_AP_APCB_H
#define VFIO_AP_APCB_H

struct matrix_mdev;
struct work_struct;

/*
 * Have those queues of @m reset that need that before a guest may have them,
 * and wait until all are at rest. Takes m->lock.
 */
void vfio_ap_apcb_prepare(struct matrix_mdev *m);
/*
 * Give the guest what is assigned, in one change of its APCB, and wait for the
 * queues that it concerns. That includes what is assigned meanwhile. Takes
 * m->lock.
 */
void vfio_ap_apcb_settle(struct matrix_mdev *m);
/*
 * Update the guest's APCB without waiting for queues; those that cannot be
 * plugged in at once follow later. The caller holds m->lock.
 */
void vfio_ap_apcb_refresh(struct matrix_mdev *m);
/*
 * Do vfio_ap_apcb_refresh() for the device that contains @work. Takes m->lock.
 */
void vfio_ap_apcb_refresh_work(struct work_struct *work);

/* Plug into the guest m->guest what it is to have. The caller holds m->lock. */
void vfio_ap_apcb_plug(struct matrix_mdev *m);
/*
 * Take all queues and domains from the guest, and start to reset the queues.
 * The caller holds m->lock.
 */
void vfio_ap_apcb_unplug(struct matrix_mdev *m);
/*
 * Reset the queues that the guest has, and wait until that is done. Takes
 * m->lock. Return 0, or -EIO if a queue was not reset.
 */
int vfio_ap_apcb_reset(struct matrix_mdev *m);

#endif
