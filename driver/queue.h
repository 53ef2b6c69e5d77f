/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AP queues that are bound to this driver.
 */
#ifndef VFIO_AP_QUEUE_H
#define VFIO_AP_QUEUE_H

#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "irq.h"
#include "queue_state.h"

struct ap_device;
struct ap_queue;
struct matrix_mdev;

struct queue {
	struct kref kref;
	unsigned int apqn;
	struct ap_queue *aq;		/* valid while the queue is in the registry */

	struct queue_state state;	/* registry.lock */
	struct matrix_mdev *tenant;	/* registry.lock; the last owner, until reset */
	bool unbinding;			/* registry.lock; the guest has to give it up */
	bool final;			/* registry.lock; its last reset before that was begun */
	unsigned int rests;		/* registry.lock; how often it has come to rest */

	struct delayed_work reset_work;
	unsigned long begun;		/* registry.lock; jiffies, as the next */
	unsigned long deadline;		/* registry.lock */

	struct mutex irq_lock;		/* taken before registry.lock */
	struct queue_irq *irq;		/* irq_lock; NULL: it does not interrupt its guest */
	struct llist_head irq_pages;	/* the machine may write to these for it */
};

int queue_probe(struct ap_device *apdev);
void queue_remove(struct ap_device *apdev);

void queue_put(struct queue *q);
/* The queue @apqn with a reference if @m's guest has it, else NULL. */
struct queue *queue_get_owned(unsigned int apqn, const struct matrix_mdev *m);

/*
 * The first queue from *@apqn on that is or was in @m's guest and is not reset
 * since, with a reference; sets *@apqn. NULL if there is none.
 */
struct queue *queue_next_tenanted(const struct matrix_mdev *m, unsigned long *apqn);

/* The queue has come to rest, as far as it can: whoever waits goes on. Needs registry.lock. */
void queue_settled(struct queue *q);

/*
 * Wait until no reset is under way of a queue that is assigned to @m or was in
 * its guest. Bounded by the deadline of the resets. Takes registry.lock.
 */
void queues_wait(const struct matrix_mdev *m);
/* Whether a queue assigned to @m is being reset and not in its guest. Needs registry.lock. */
bool queues_pending(const struct matrix_mdev *m);

/* Try once more, all at the same time, to reset the queues that remove would hand out tainted. */
void queues_reset_finally(void);

/* Tell pollers of the attribute status. Needs registry.lock. */
void queue_notify(const struct queue *q);
void queues_notify(const struct matrix *matrix);

#endif
