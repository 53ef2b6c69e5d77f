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
	struct matrix_mdev *tenant;	/* tables.lock; the last owner, until reset */
	struct list_head orphan;	/* tables.lock; in tables.orphans */
	bool unbinding;			/* tables.lock; the guest has to give it up */
	bool final;			/* tables.lock; its last reset before that was begun */
	unsigned int rests;		/* tables.lock; how often it has come to rest */

	struct delayed_work reset_work;
	struct reset_clock clock;	/* tables.lock */

	struct mutex irq_lock;		/* taken before tables.lock */
	struct pin *pin;		/* irq_lock; NULL: it does not interrupt its guest */
	struct llist_head irq_pages;	/* the machine may write to these for it */
};

/* A queue with one reference, whose worker executes @reset. NULL: there is no memory. */
struct queue *vfio_ap_queue_new(struct ap_queue *aq, work_func_t reset);
struct queue *vfio_ap_queue_get(struct queue *q);
void vfio_ap_queue_put(struct queue *q);

/* The following need tables.lock, unless they say otherwise. */

/* Whether it is out of the guest that it has to leave, and no reset is under way. */
bool vfio_ap_queue_rests(const struct queue *q);
/* Whether a queue @apqn is not bound any more and still in a guest's APCB. */
bool vfio_ap_queue_is_orphaned(unsigned int apqn);
/* If it rests, whoever waits for that goes on. */
void vfio_ap_queue_settled(struct queue *q);
/* Wait, without any lock, until it has come to rest more often than @rests times. */
void vfio_ap_queue_wait(struct queue *q, unsigned int rests);
/*
 * The same for a guest that may never give the queue up. For a queue that is @gone from the
 * configuration nobody waits longer than a second, for the AP bus's scan, which takes it away,
 * may run in any process; nor does a thread of the kernel. Who else waits may be killed. Returns
 * whether it has come to rest.
 */
bool vfio_ap_queue_wait_for_guest(struct queue *q, unsigned int rests, bool gone);

/* Tell pollers of the attributes status and condition. */
void vfio_ap_queue_notify(const struct queue *q);

#endif
