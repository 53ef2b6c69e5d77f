// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "ap_bus.h"
#include "dbf.h"
#include "event.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"
#include "reset.h"

/* Those who wait for a queue to come to rest. */
static DECLARE_WAIT_QUEUE_HEAD(queue_rest);

static void queue_free(struct kref *kref)
{
	struct queue *q = container_of(kref, struct queue, kref);

	/* Whoever has the queue now begins with a reset. */
	irq_stopped(q);
	mutex_destroy(&q->irq_lock);
	kfree(q);
}

void queue_put(struct queue *q)
{
	kref_put(&q->kref, queue_free);
}

static struct queue *queue_get(struct queue *q)
{
	kref_get(&q->kref);
	return q;
}

struct queue *queue_get_owned(unsigned int apqn, const struct matrix_mdev *m)
{
	struct queue *q;

	mutex_lock(&registry.lock);
	q = registry_queue(apqn);
	if (q && q->state.owner == m)
		queue_get(q);
	else
		q = NULL;
	mutex_unlock(&registry.lock);
	return q;
}

/* Whether it is out of the guest that it has to leave, and no reset is under way. */
static bool queue_rests(const struct queue *q)
{
	return q->state.phase != QUEUE_RESETTING && !(q->unbinding && q->state.owner);
}

void queue_settled(struct queue *q)
{
	lockdep_assert_held(&registry.lock);
	if (!queue_rests(q))
		return;
	WRITE_ONCE(q->rests, q->rests + 1);
	wake_up_all(&queue_rest);
}

/* Releases registry.lock, which the caller holds, and takes it again. */
static void queue_wait(struct queue *q)
{
	unsigned int rests = q->rests;

	lockdep_assert_held(&registry.lock);
	if (queue_rests(q))
		return;
	mutex_unlock(&registry.lock);
	wait_event(queue_rest, READ_ONCE(q->rests) != rests);
	mutex_lock(&registry.lock);
}

static bool queue_tenanted(struct queue *q, const struct matrix_mdev *m)
{
	return q->tenant == m;
}

static bool queue_awaited(struct queue *q, const struct matrix_mdev *m)
{
	return !queue_rests(q) &&
	       (queue_tenanted(q, m) || (m->active && matrix_has(&m->matrix, q->apqn)));
}

/* The first queue from *@apqn on that @wanted tells of @m, with a reference. */
static struct queue *queue_find(const struct matrix_mdev *m, unsigned long *apqn,
				bool (*wanted)(struct queue *q, const struct matrix_mdev *m))
{
	struct queue *q;

	lockdep_assert_held(&registry.lock);
	q = xa_find(&registry.queues, apqn, ULONG_MAX, XA_PRESENT);
	while (q && !wanted(q, m))
		q = xa_find_after(&registry.queues, apqn, ULONG_MAX, XA_PRESENT);
	return q ? queue_get(q) : NULL;
}

struct queue *queue_next_tenanted(const struct matrix_mdev *m, unsigned long *apqn)
{
	struct queue *q;

	mutex_lock(&registry.lock);
	q = queue_find(m, apqn, queue_tenanted);
	mutex_unlock(&registry.lock);
	return q;
}

void queues_wait(const struct matrix_mdev *m)
{
	unsigned long apqn = 0;
	struct queue *q;

	mutex_lock(&registry.lock);
	for (; (q = queue_find(m, &apqn, queue_awaited)); apqn++) {
		queue_wait(q);
		queue_put(q);
	}
	mutex_unlock(&registry.lock);
}

bool queues_pending(const struct matrix_mdev *m)
{
	unsigned long apqn;
	struct queue *q;

	lockdep_assert_held(&registry.lock);
	xa_for_each(&registry.queues, apqn, q)
		if (matrix_has(&m->matrix, apqn) && q->state.phase == QUEUE_RESETTING &&
		    q->state.owner != m)
			return true;
	return false;
}

static const char *queue_condition(const struct queue *q)
{
	switch (q->state.phase) {
	case QUEUE_RESETTING:
		return ", resetting";
	case QUEUE_UNAVAILABLE:
		return ", unavailable";
	case QUEUE_QUARANTINED:
		return ", quarantined";
	default:
		return "";
	}
}

static const char *queue_use(const struct queue *q)
{
	if (q->state.owner)
		return "in use";
	return registry_claimant(q->apqn) ? "assigned" : "unassigned";
}

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct queue *q = dev_get_drvdata(dev);
	ssize_t length;

	mutex_lock(&registry.lock);
	length = sysfs_emit(buf, "%s%s\n", queue_use(q), queue_condition(q));
	mutex_unlock(&registry.lock);
	return length;
}
static DEVICE_ATTR_RO(status);

static struct attribute *queue_attrs[] = {
	&dev_attr_status.attr,
	NULL,
};

static const struct attribute_group queue_group = {
	.attrs = queue_attrs,
};

void queue_notify(const struct queue *q)
{
	lockdep_assert_held(&registry.lock);
	sysfs_notify(&q->aq->ap_dev.device.kobj, NULL, dev_attr_status.attr.name);
}

void queues_notify(const struct matrix *matrix)
{
	unsigned long apqn;
	struct queue *q;

	lockdep_assert_held(&registry.lock);
	xa_for_each(&registry.queues, apqn, q)
		if (matrix_has(matrix, apqn))
			queue_notify(q);
}

static struct queue *queue_alloc(struct ap_queue *aq)
{
	struct queue *q = kzalloc(sizeof(*q), GFP_KERNEL);

	if (!q)
		return NULL;
	kref_init(&q->kref);
	q->aq = aq;
	q->apqn = aq->qid;
	queue_state_init(&q->state);
	mutex_init(&q->irq_lock);
	init_llist_head(&q->irq_pages);
	reset_init(q);
	return q;
}

static int queue_register(struct queue *q)
{
	int rc;

	mutex_lock(&registry.lock);
	rc = xa_insert(&registry.queues, q->apqn, q, GFP_KERNEL);
	if (!rc) {
		q->state.tainted = registry_left_tainted(q->apqn);
		reset_begin(q);
	}
	mutex_unlock(&registry.lock);
	return rc;
}

int queue_probe(struct ap_device *apdev)
{
	struct device *dev = &apdev->device;
	struct queue *q;
	int rc;

	q = queue_alloc(to_ap_queue(dev));
	if (!q)
		return -ENOMEM;
	dev_set_drvdata(dev, q);
	rc = sysfs_create_group(&dev->kobj, &queue_group);
	if (rc)
		goto put;
	rc = queue_register(q);
	if (rc)
		goto remove_group;
	dbf_event(DBF_INFO, APQN_FMT ": bound", APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn));
	return 0;

remove_group:
	sysfs_remove_group(&dev->kobj, &queue_group);
put:
	dev_set_drvdata(dev, NULL);
	queue_put(q);
	return rc;
}

/* Have the guest that uses the queue give it up, and wait for its reset. */
static void queue_reclaim(struct queue *q)
{
	mutex_lock(&registry.lock);
	q->unbinding = true;
	if (q->state.owner)
		matrix_mdev_request_refresh(q->tenant);
	queue_wait(q);
	mutex_unlock(&registry.lock);
}

/* Whoever unbinds a queue that could not be zeroized gets it, after one more reset. */
static void queue_begin_final(struct queue *q)
{
	lockdep_assert_held(&registry.lock);
	if (q->final || !queue_state_is_stuck(&q->state))
		return;
	q->final = true;
	queue_state_reset(&q->state);
	reset_begin(q);
}

static void queue_reset_finally(struct queue *q)
{
	mutex_lock(&registry.lock);
	queue_begin_final(q);
	queue_wait(q);
	mutex_unlock(&registry.lock);
}

void queues_reset_finally(void)
{
	unsigned long apqn;
	struct queue *q;

	mutex_lock(&registry.lock);
	xa_for_each(&registry.queues, apqn, q)
		queue_begin_final(q);
	mutex_unlock(&registry.lock);
}

/* What an mdev without a guest shows of the queue has to go, too. */
static void queue_unregister(struct queue *q)
{
	struct matrix_mdev *m;

	mutex_lock(&registry.lock);
	xa_erase(&registry.queues, q->apqn);
	m = registry_claimant(q->apqn);
	if (m)
		matrix_mdev_request_refresh(m);
	mutex_unlock(&registry.lock);
}

/*
 * A queue that went out of the machine's configuration cannot have been zeroized by anybody when
 * it returns. One that was unbound is its next driver's.
 */
static void queue_leave_behind(const struct queue *q)
{
	bool gone = q->state.rc == AP_RESPONSE_Q_NOT_AVAIL;

	mutex_lock(&registry.lock);
	registry_leave(q->apqn, q->state.tainted && gone);
	mutex_unlock(&registry.lock);
}

void queue_remove(struct ap_device *apdev)
{
	struct device *dev = &apdev->device;
	struct queue *q = dev_get_drvdata(dev);

	queue_reclaim(q);
	queue_reset_finally(q);
	queue_unregister(q);
	cancel_delayed_work_sync(&q->reset_work);
	queue_leave_behind(q);
	dbf_event(q->state.tainted ? DBF_ERR : DBF_INFO, APQN_FMT ": unbound, zeroized %d",
		  APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn), !q->state.tainted);
	if (q->state.tainted) {
		dev_warn(dev, "unbound with what a guest left: it could not be zeroized\n");
		event_queue(dev, "unclean", q->apqn);
	}
	sysfs_remove_group(&dev->kobj, &queue_group);
	dev_set_drvdata(dev, NULL);
	queue_put(q);
}
