// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "ap_bus.h"
#include "dbf.h"
#include "matrix.h"
#include "pages.h"
#include "queue.h"
#include "tables.h"

/* Time limit of the wait of the AP bus's scan for a guest. */
#define GUEST_TIME HZ

/* Waiters for a queue to come to rest. */
static DECLARE_WAIT_QUEUE_HEAD(queue_rest);

struct queue *vfio_ap_queue_new(struct ap_queue *aq, work_func_t reset)
{
	struct queue *q = kzalloc(sizeof(*q), GFP_KERNEL);

	if (!q)
		return NULL;
	kref_init(&q->kref);
	q->aq = aq;
	q->apqn = aq->qid;
	vfio_ap_queue_state_init(&q->state);
	mutex_init(&q->irq_lock);
	init_llist_head(&q->irq_pages);
	INIT_DELAYED_WORK(&q->reset_work, reset);
	return q;
}

static void queue_free(struct kref *kref)
{
	struct queue *q = container_of(kref, struct queue, kref);

	/*
	 * The queue is not known to have stopped, and its next user may take
	 * long to find out.
	 */
	if (vfio_ap_pages_abandon(&q->irq_pages))
		dbf_event(DBF_ERR, APQN_FMT ": the pages that it may write to are kept for ever",
			  APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn));
	mutex_destroy(&q->irq_lock);
	kfree(q);
}

void vfio_ap_queue_put(struct queue *q)
{
	kref_put(&q->kref, queue_free);
}

struct queue *vfio_ap_queue_get(struct queue *q)
{
	kref_get(&q->kref);
	return q;
}

bool vfio_ap_queue_rests(const struct queue *q)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	return q->state.phase != QUEUE_RESETTING && !(q->unbinding && q->state.owner);
}

bool vfio_ap_queue_is_orphaned(unsigned int apqn)
{
	struct queue *q;

	lockdep_assert_held(&vfio_ap_tables.lock);
	list_for_each_entry(q, &vfio_ap_tables.orphans, orphan)
		if (q->apqn == apqn)
			return true;
	return false;
}

void vfio_ap_queue_settled(struct queue *q)
{
	if (!vfio_ap_queue_rests(q))
		return;
	WRITE_ONCE(q->rests, q->rests + 1);
	wake_up_all(&queue_rest);
}

static bool has_rested(const struct queue *q, unsigned int rests)
{
	return READ_ONCE(q->rests) != rests;
}

void vfio_ap_queue_wait(struct queue *q, unsigned int rests)
{
	wait_event(queue_rest, has_rested(q, rests));
}

void vfio_ap_queue_set_gone(struct queue *q, bool gone)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	WRITE_ONCE(q->gone, gone);
	if (gone)
		wake_up_all(&queue_rest);
}

/*
 * The scan that removes the device of a queue that is gone waits for the lock
 * of that device, which a process that unbinds the queue holds.
 */
void vfio_ap_queue_wait_for_guest(struct queue *q, unsigned int rests)
{
	if (!(current->flags & PF_KTHREAD) &&
	    wait_event_killable(queue_rest, has_rested(q, rests) || READ_ONCE(q->gone)))
		return;
	wait_event_timeout(queue_rest, has_rested(q, rests), GUEST_TIME);
}

void vfio_ap_queue_notify(const struct queue *q)
{
	struct kobject *kobj = &q->aq->ap_dev.device.kobj;

	lockdep_assert_held(&vfio_ap_tables.lock);
	sysfs_notify(kobj, NULL, "status");
	sysfs_notify(kobj, NULL, "condition");
}
