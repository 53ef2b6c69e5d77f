/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An AP queue that is bound to this driver.
 */
#ifndef VFIO_AP_QUEUE_H
#define VFIO_AP_QUEUE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "clock.h"
#include "queue_state.h"

struct ap_queue;
struct matrix_mdev;
struct pin;

struct queue {
	struct kref kref;
	unsigned int apqn;
	struct ap_queue *aq;		/* valid while the queue is in tables.queues */

	struct queue_state state;	/* tables.lock */
	struct matrix_mdev *tenant;	/* tables.lock; last owner, until the queue is reset */
	struct list_head orphan;	/* tables.lock; in tables.orphans */
	bool unbinding;			/* tables.lock; the guest must give it up */
	bool final;			/* tables.lock; last reset before that has begun */
	bool gone;			/* tables.lock; not in the host's AP configuration */
	unsigned int rests;		/* tables.lock; number of times it came to rest */

	struct delayed_work reset_work;
	struct reset_clock clock;	/* tables.lock */

	struct mutex irq_lock;		/* taken before tables.lock */
	struct pin *pin;		/* irq_lock; NULL if it does not interrupt its guest */
	struct llist_head irq_pages;	/* pages that the machine may write to for it */
};

/*
 * Return a queue with one reference, with @reset as the function of its worker,
 * or NULL if there is no memory.
 */
struct queue *vfio_ap_queue_new(struct ap_queue *aq, work_func_t reset);
struct queue *vfio_ap_queue_get(struct queue *q);
void vfio_ap_queue_put(struct queue *q);

/*
 * The caller of the following functions holds tables.lock, unless stated
 * otherwise.
 */

/*
 * Return whether the queue is at rest: it has left the guest that it must
 * leave, and is not being reset.
 */
bool vfio_ap_queue_rests(const struct queue *q);
/*
 * Return whether a queue @apqn has been unbound while it is still in a guest's
 * APCB.
 */
bool vfio_ap_queue_is_orphaned(unsigned int apqn);
/* Wake those who wait for the queue to come to rest, if it has. */
void vfio_ap_queue_settled(struct queue *q);
/*
 * Wait until the queue has come to rest more than @rests times. The caller
 * holds no lock.
 */
void vfio_ap_queue_wait(struct queue *q, unsigned int rests);
/*
 * Do vfio_ap_queue_wait() for a guest that may never give up the queue. The
 * wait is limited to a second in a thread of the kernel, and from when the
 * queue is gone from the configuration, as the scan of the AP bus that removes
 * it may run in any process, and waits for any. Else it ends when the process
 * is killed.
 */
void vfio_ap_queue_wait_for_guest(struct queue *q, unsigned int rests);
/* Record whether the queue is in the host's AP configuration. */
void vfio_ap_queue_set_gone(struct queue *q, bool gone);

/* Notify those who poll the attributes status and condition. */
void vfio_ap_queue_notify(const struct queue *q);

#endif
