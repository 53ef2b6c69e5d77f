/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated device: a matrix that an administrator assigns, and the part of
 * it that the guest gets.
 */
#ifndef VFIO_AP_MDEV_H
#define VFIO_AP_MDEV_H

#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include "guest.h"
#include "irq.h"
#include "matrix.h"
#include "refusal.h"

struct mdev_driver;

/* The interrupts of the VFIO device. */
enum { IRQ_REQUEST, IRQ_CONFIG_CHANGED, NR_IRQS_OF_MDEV };

struct matrix_mdev {
	struct vfio_device vdev;
	struct list_head node;		/* registry.lock */
	struct mutex lock;		/* see docs/locking.md */

	/* Changed under lock and registry.lock, read under either. */
	struct matrix matrix;		/* what is assigned */
	struct matrix settled;		/* the same, as far as it has come into force */
	struct matrix apcb;		/* what the guest has, or would have */
	bool active;			/* false: staged, claims nothing */

	/* Protected by lock. */
	bool open;
	bool plugged;			/* apcb is in force in a guest */
	struct guest guest;
	struct refusal refusal;
	struct eventfd_ctx *irq[NR_IRQS_OF_MDEV];

	struct irq_pins pins;
	struct work_struct refresh_work;
};

extern struct mdev_driver matrix_mdev_driver;

int matrix_mdev_setup(void);
void matrix_mdev_cleanup(void);

/*
 * Make @next the assigned matrix, all or nothing. An active device has to get
 * every APQN for itself. Obstacles are added to m->refusal. Needs m->lock;
 * matrix_mdev_settle() has to follow when that is released.
 *
 * Returns 0, -EADDRNOTAVAIL (reserved for the host), -EADDRINUSE (assigned to
 * another active device) or -ENODEV (the machine cannot have such an id).
 */
int matrix_mdev_assign(struct matrix_mdev *m, const struct matrix *next);
/* Stage or activate the device. As matrix_mdev_assign(), and -EBUSY: it is open. */
int matrix_mdev_activate(struct matrix_mdev *m, bool active);

/*
 * Bring the guest up to date with what was assigned, in one change of its APCB,
 * and wait for the queues concerned. Takes m->lock.
 */
void matrix_mdev_settle(struct matrix_mdev *m);

/* The same, without waiting for queues: what cannot be plugged yet follows. Needs m->lock. */
void matrix_mdev_refresh(struct matrix_mdev *m);
/* The same, by a worker. Needs registry.lock, which keeps @m listed. */
void matrix_mdev_request_refresh(struct matrix_mdev *m);
void matrix_mdev_flush_refreshes(void);

/* Give the guest that m->guest names what it is to have. Needs m->lock. */
void matrix_mdev_plug(struct matrix_mdev *m);
/* Take everything from the guest, and start the reset of its queues. Needs m->lock. */
void matrix_mdev_unplug(struct matrix_mdev *m);
/* Reset the queues that the guest has, and wait for it. Takes m->lock. Returns 0 or -EIO. */
int matrix_mdev_reset(struct matrix_mdev *m);

/* The life of the VFIO device. */
int matrix_mdev_init(struct vfio_device *vdev);
void matrix_mdev_release(struct vfio_device *vdev);

/* sysfs.c */
extern const struct attribute_group *matrix_mdev_attr_groups[];
void matrix_mdev_notify_matrix(struct matrix_mdev *m);
void matrix_mdev_notify_guest(struct matrix_mdev *m);
/* vfio.c */
extern const struct vfio_device_ops matrix_mdev_vfio_ops;
void vfio_ap_signal(struct matrix_mdev *m, unsigned int irq);

#endif
