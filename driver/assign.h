/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of an administrator that change what is assigned to a device.
 */
#ifndef VFIO_AP_ASSIGN_H
#define VFIO_AP_ASSIGN_H

#include <linux/types.h>

struct matrix;
struct matrix_mdev;

/*
 * Make @next the assigned matrix as a whole, or leave the matrix as it was. An
 * active device must be able to claim every APQN for itself. Obstacles are
 * added to m->refusal. The caller holds m->lock, and calls
 * vfio_ap_apcb_settle() after it has released that.
 *
 * Return 0, -EADDRNOTAVAIL (reserved for the host), -EADDRINUSE (assigned to
 * another active device) or -ENODEV (the machine cannot have such an id).
 */
int vfio_ap_assign(struct matrix_mdev *m, const struct matrix *next);
/*
 * Activate or stage the device. Locks and errors are those of vfio_ap_assign(),
 * with -EBUSY for a device that is open.
 */
int vfio_ap_activate(struct matrix_mdev *m, bool active);

#endif
