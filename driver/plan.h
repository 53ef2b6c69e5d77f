/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan says what a guest is to have of the matrix that is assigned to its
 * device.
 */
#ifndef VFIO_AP_PLAN_H
#define VFIO_AP_PLAN_H

#include <linux/types.h>

struct matrix;
struct matrix_mdev;
struct queue;

/*
 * Return the part of the assigned matrix that is settled, exists, is bound and
 * is clean; and what the guest has of an earlier assignment, until the change
 * of that is settled. While queues are still being reset, return only what the
 * guest has: it gets the others together when all of them are at rest. The
 * caller holds tables.lock.
 */
struct matrix vfio_ap_plan(const struct matrix_mdev *m);
/*
 * Return whether @q is assigned to @m, in no guest, and being reset. The caller
 * holds tables.lock.
 */
bool vfio_ap_is_pending(struct queue *q, const struct matrix_mdev *m);

#endif
