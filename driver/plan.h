/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest is to have of what is assigned to its device.
 */
#ifndef VFIO_AP_PLAN_H
#define VFIO_AP_PLAN_H

struct matrix;
struct matrix_mdev;

/*
 * The part of the assigned matrix that is settled, exists, is bound and is clean, and what the
 * guest has of what was assigned before and is to leave it when that is settled. While
 * queues are still on their way, only what the guest has: it gets the others
 * at once when they have all come to rest. Needs tables.lock.
 */
struct matrix vfio_ap_plan(const struct matrix_mdev *m);

#endif
