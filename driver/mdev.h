/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated device: the matrix that an administrator assigns, and the part
 * of it that the guest has.
 */
#ifndef VFIO_AP_MDEV_H
#define VFIO_AP_MDEV_H

#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include "eventfds.h"
#include "guest.h"
#include "matrix.h"
#include "pins.h"
#include "refusal.h"

struct matrix_mdev {
	struct vfio_device vdev;
	struct list_head node;		/* tables.lock */
	struct mutex lock;		/* see docs/locking.md */

	/*
	 * These fields are changed under both @lock and tables.lock, and read
	 * under either.
	 */
	struct matrix matrix;		/* what is assigned */
	struct matrix settled;		/* value of @matrix that is in force */
	struct matrix apcb;		/* what the guest has, or would have */
	bool active;			/* false: staged, claims nothing */
	bool control_usage;		/* usage domains are control domains of the guest, too */

	/* Protected by lock. */
	bool open;
	bool plugged;			/* apcb is in force in a guest */
	struct guest guest;
	struct refusal refusal;
	struct eventfds eventfds;

	struct pins pins;
	struct work_struct refresh_work;
};

/*
 * Initialize the device that VFIO has allocated, with @refresh as the function
 * of its worker. Return 0 or -ENOMEM.
 */
int vfio_ap_mdev_init(struct matrix_mdev *m, work_func_t refresh);
void vfio_ap_mdev_release(struct matrix_mdev *m);

/*
 * Notify those who poll the attributes of the assigned matrix, or of the
 * guest's.
 */
void vfio_ap_mdev_notify_matrix(struct matrix_mdev *m);
void vfio_ap_mdev_notify_guest(struct matrix_mdev *m);

#endif
