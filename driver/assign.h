/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of an administrator about what is assigned to a device.
 */
#ifndef VFIO_AP_ASSIGN_H
#define VFIO_AP_ASSIGN_H

#include <linux/types.h>

struct matrix;
struct matrix_mdev;

/*
 * Make @next the assigned matrix, all or nothing. An active device has to get
 * every APQN for itself. Obstacles are added to m->refusal. Needs m->lock;
 * vfio_ap_apcb_settle() has to follow when that is released.
 *
 * Returns 0, -EADDRNOTAVAIL (reserved for the host), -EADDRINUSE (assigned to
 * another active device) or -ENODEV (the machine cannot have such an id).
 */
int vfio_ap_assign(struct matrix_mdev *m, const struct matrix *next);
/* Stage or activate the device. As vfio_ap_assign(), and -EBUSY: it is open. */
int vfio_ap_activate(struct matrix_mdev *m, bool active);

#endif
