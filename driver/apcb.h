/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest of a device gets: its APCB follows what is assigned, bound and clean.
 */
#ifndef VFIO_AP_APCB_H
#define VFIO_AP_APCB_H

struct matrix_mdev;
struct work_struct;

/*
 * Bring the guest up to date with what was assigned, in one change of its APCB,
 * and wait for the queues concerned. Takes m->lock.
 */
void vfio_ap_apcb_settle(struct matrix_mdev *m);
/* The same, without waiting for queues: what cannot be plugged yet follows. Needs m->lock. */
void vfio_ap_apcb_refresh(struct matrix_mdev *m);
/* The same for the device to which @work belongs; takes m->lock. */
void vfio_ap_apcb_refresh_work(struct work_struct *work);

/* Give the guest that m->guest names what it is to have. Needs m->lock. */
void vfio_ap_apcb_plug(struct matrix_mdev *m);
/* Take everything from the guest, and start the reset of its queues. Needs m->lock. */
void vfio_ap_apcb_unplug(struct matrix_mdev *m);
/* Reset the queues that the guest has, and wait for it. Takes m->lock. Returns 0 or -EIO. */
int vfio_ap_apcb_reset(struct matrix_mdev *m);

#endif
