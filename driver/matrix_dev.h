/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device "matrix", on a bus of its own. It is the parent of mediated
 * devices.
 */
#ifndef VFIO_AP_MATRIX_DEV_H
#define VFIO_AP_MATRIX_DEV_H

#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/mutex.h>

#include "refusal.h"

struct matrix_dev {
	struct device device;
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *types[1];
	struct mutex lock;		/* taken before tables.lock */
	struct refusal refusal;		/* lock; why the host was refused queues */
	struct refusal removed;		/* lock; last one of a removed device */
};

/*
 * The device exists from vfio_ap_matrix_dev_setup() to
 * vfio_ap_matrix_dev_cleanup().
 */
extern struct matrix_dev *vfio_ap_matrix_dev;

/* Return 0, or a negative error number with nothing to clean up. */
int vfio_ap_matrix_dev_setup(void);
void vfio_ap_matrix_dev_cleanup(void);

#endif
