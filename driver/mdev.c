// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mdev.h>
#include <linux/module.h>

#include "ap_bus.h"
#include "dbf.h"
#include "event.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"
#include "reset.h"

#define MAX_MDEVS 65536

static struct workqueue_struct *refresh_wq;

static enum queue_rank matrix_mdev_rank(unsigned int apqn, const void *arg)
{
	const struct matrix_mdev *m = arg;
	struct queue *q = registry_queue(apqn);

	if (!q || q->unbinding || !queue_state_available(&q->state, m))
		return QUEUE_MISSING;
	return matrix_has(&m->apcb, apqn) ? QUEUE_HELD : QUEUE_SPARE;
}

/*
 * The part of the assigned matrix that is settled, exists, is bound and is clean. While
 * queues are still on their way, only what the guest has: it gets the others
 * at once when they have all come to rest.
 */
static struct matrix matrix_mdev_wanted(struct matrix_mdev *m)
{
	struct matrix wanted = {};

	if (!m->active)
		return wanted;
	wanted = matrix_and(&m->settled, &registry.host);
	if (registry.scanning || queues_pending(m)) {
		wanted.apm = mask_and(&wanted.apm, &m->apcb.apm);
		wanted.aqm = mask_and(&wanted.aqm, &m->apcb.aqm);
	}
	matrix_cut(&wanted, registry.cut, matrix_mdev_rank, m);
	wanted.adm = mask_or(&wanted.adm, &wanted.aqm);
	return wanted;
}

static void matrix_mdev_enter_queues(struct matrix_mdev *m, const struct matrix *before)
{
	unsigned int apqn;

	matrix_for_each(apqn, &m->apcb) {
		struct queue *q = registry_queue(apqn);

		if (matrix_has(before, apqn))
			continue;
		queue_state_enter(&q->state, m);
		q->tenant = m;
		queue_notify(q);
	}
}

/* The guest's APCB does not have these queues any more. */
static void matrix_mdev_leave_queues(struct matrix_mdev *m, const struct matrix *before)
{
	unsigned int apqn;

	mutex_lock(&registry.lock);
	matrix_for_each(apqn, before) {
		struct queue *q = registry_queue(apqn);

		if (matrix_has(&m->apcb, apqn) || !q || q->state.owner != m)
			continue;
		queue_state_leave(&q->state);
		reset_begin(q);
		queue_notify(q);
	}
	mutex_unlock(&registry.lock);
}

static void matrix_mdev_tell(struct matrix_mdev *m, const struct matrix *before)
{
	matrix_mdev_notify_guest(m);
	if (!m->plugged)
		return;
	vfio_ap_signal(m, IRQ_CONFIG_CHANGED);
	event_apcb(m->vdev.dev, before, &m->apcb);
}

void matrix_mdev_refresh(struct matrix_mdev *m)
{
	struct matrix before = m->apcb;

	lockdep_assert_held(&m->lock);
	mutex_lock(&registry.lock);
	m->apcb = matrix_mdev_wanted(m);
	if (m->plugged)
		matrix_mdev_enter_queues(m, &before);
	mutex_unlock(&registry.lock);
	if (matrix_equal(&before, &m->apcb))
		return;
	if (m->plugged) {
		dbf_event(DBF_INFO, "vfio%u: the APCB of its guest changes", m->vdev.index);
		guest_set_masks(&m->guest, &m->apcb);
		matrix_mdev_leave_queues(m, &before);
	}
	matrix_mdev_tell(m, &before);
}

static void matrix_mdev_refresh_work(struct work_struct *work)
{
	struct matrix_mdev *m = container_of(work, struct matrix_mdev, refresh_work);

	mutex_lock(&m->lock);
	matrix_mdev_refresh(m);
	mutex_unlock(&m->lock);
}

void matrix_mdev_request_refresh(struct matrix_mdev *m)
{
	lockdep_assert_held(&registry.lock);
	queue_work(refresh_wq, &m->refresh_work);
}

void matrix_mdev_flush_refreshes(void)
{
	flush_workqueue(refresh_wq);
}

static void matrix_mdev_put_into_force(struct matrix_mdev *m)
{
	lockdep_assert_held(&m->lock);
	mutex_lock(&registry.lock);
	m->settled = m->matrix;
	mutex_unlock(&registry.lock);
	matrix_mdev_refresh(m);
}

/*
 * What is written to comes into force in one go, when the queues have come to rest. What
 * the machine does to the guest meanwhile does not wait for it.
 */
void matrix_mdev_settle(struct matrix_mdev *m)
{
	queues_wait(m);
	mutex_lock(&m->lock);
	matrix_mdev_put_into_force(m);
	mutex_unlock(&m->lock);
	queues_wait(m);
}

static void matrix_mdev_clear_apcb(struct matrix_mdev *m)
{
	mutex_lock(&registry.lock);
	memset(&m->apcb, 0, sizeof(m->apcb));
	mutex_unlock(&registry.lock);
}

void matrix_mdev_plug(struct matrix_mdev *m)
{
	lockdep_assert_held(&m->lock);
	if (!m->guest.kvm)
		return;
	matrix_mdev_clear_apcb(m);
	m->plugged = true;
	matrix_mdev_put_into_force(m);
	/* Also if it gets nothing of what was shown for it. */
	matrix_mdev_notify_guest(m);
}

void matrix_mdev_unplug(struct matrix_mdev *m)
{
	struct matrix before = m->apcb;

	lockdep_assert_held(&m->lock);
	if (!m->plugged)
		return;
	guest_clear_masks(&m->guest);
	matrix_mdev_clear_apcb(m);
	matrix_mdev_leave_queues(m, &before);
	matrix_mdev_tell(m, &before);
	m->plugged = false;
}

static void matrix_mdev_begin_reset(struct matrix_mdev *m, const struct matrix *queues)
{
	unsigned int apqn;

	mutex_lock(&registry.lock);
	matrix_for_each(apqn, queues) {
		struct queue *q = registry_queue(apqn);

		if (q->state.phase != QUEUE_USED)
			continue;
		queue_state_reset(&q->state);
		reset_begin(q);
		queue_notify(q);
	}
	mutex_unlock(&registry.lock);
}

/* Others may have got a queue meanwhile, and reset it again. */
static int matrix_mdev_reset_result(const struct matrix_mdev *m, const struct matrix *queues)
{
	unsigned int apqn;
	int rc = 0;

	mutex_lock(&registry.lock);
	matrix_for_each(apqn, queues) {
		struct queue *q = registry_queue(apqn);

		if (q && (q->state.phase == QUEUE_QUARANTINED ||
			  (q->state.phase == QUEUE_USED && q->state.owner == m && q->state.rc)))
			rc = -EIO;
	}
	mutex_unlock(&registry.lock);
	return rc;
}

int matrix_mdev_reset(struct matrix_mdev *m)
{
	struct matrix queues = {};

	mutex_lock(&m->lock);
	if (m->plugged) {
		queues = m->apcb;
		matrix_mdev_begin_reset(m, &queues);
	}
	mutex_unlock(&m->lock);
	queues_wait(m);
	return matrix_mdev_reset_result(m, &queues);
}

/* Names what keeps the device from having @next for itself. */
static int matrix_mdev_obstacles(struct matrix_mdev *m, const struct matrix *next)
{
	bool reserved = registry_name_reserved(next, &m->refusal);
	bool claimed = registry_name_claims(next, m, &m->refusal);

	if (reserved)
		return -EADDRNOTAVAIL;
	return claimed ? -EADDRINUSE : 0;
}

static int matrix_mdev_check_limit(struct matrix_mdev *m, const struct matrix *next)
{
	if (matrix_within(next, &registry.limit))
		return 0;
	refusal_add(&m->refusal, "the machine has adapters up to 0x%02x and domains up to 0x%04x",
		    registry.max_adapter, registry.max_domain);
	return -ENODEV;
}

/* The host must not reserve a queue between the check and the claim. */
static int matrix_mdev_claim(struct matrix_mdev *m, const struct matrix *next, bool active)
{
	bool check = active && !(m->active && matrix_within(next, &m->matrix));
	struct matrix before = m->matrix;
	int rc = 0;

	mutex_lock(&ap_reservation_mutex);
	mutex_lock(&registry.lock);
	if (check)
		rc = matrix_mdev_obstacles(m, next);
	if (!rc)
		rc = matrix_mdev_check_limit(m, next);
	if (!rc) {
		m->matrix = *next;
		m->active = active;
		queues_notify(&before);
		queues_notify(next);
	}
	mutex_unlock(&registry.lock);
	mutex_unlock(&ap_reservation_mutex);
	if (rc)
		dbf_event(DBF_WARN, "vfio%u: its assignment is refused: %d", m->vdev.index, rc);
	return rc;
}

int matrix_mdev_assign(struct matrix_mdev *m, const struct matrix *next)
{
	int rc;

	lockdep_assert_held(&m->lock);
	if (matrix_equal(next, &m->matrix))
		return 0;
	rc = matrix_mdev_claim(m, next, m->active);
	if (!rc)
		matrix_mdev_notify_matrix(m);
	return rc;
}

int matrix_mdev_activate(struct matrix_mdev *m, bool active)
{
	int rc;

	lockdep_assert_held(&m->lock);
	if (active == m->active)
		return 0;
	if (m->open) {
		refusal_add(&m->refusal, "a guest has the device, end it or unplug it first");
		return -EBUSY;
	}
	rc = matrix_mdev_claim(m, &m->matrix, active);
	if (!rc)
		event_device(m->vdev.dev, active ? "activate" : "deactivate");
	return rc;
}

int matrix_mdev_init(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	mutex_init(&m->lock);
	INIT_WORK(&m->refresh_work, matrix_mdev_refresh_work);
	irq_init(&m->pins);
	m->active = true;
	return refusal_init(&m->refusal, vdev->dev);
}

void matrix_mdev_release(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	refusal_free(&m->refusal);
	mutex_destroy(&m->lock);
	vfio_device_released(vdev);
}

static void matrix_mdev_list(struct matrix_mdev *m)
{
	mutex_lock(&registry.lock);
	list_add_tail(&m->node, &registry.mdevs);
	mutex_unlock(&registry.lock);
}

static void matrix_mdev_unlist(struct matrix_mdev *m)
{
	mutex_lock(&registry.lock);
	list_del(&m->node);
	queues_notify(&m->matrix);
	mutex_unlock(&registry.lock);
	cancel_work_sync(&m->refresh_work);
}

static int matrix_mdev_probe(struct mdev_device *mdev)
{
	struct matrix_mdev *m;
	int rc;

	m = vfio_alloc_device(matrix_mdev, vdev, &mdev->dev, &matrix_mdev_vfio_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	dev_set_drvdata(&mdev->dev, m);
	matrix_mdev_list(m);
	rc = vfio_register_emulated_iommu_dev(&m->vdev);
	if (rc) {
		matrix_mdev_unlist(m);
		vfio_put_device(&m->vdev);
	}
	return rc;
}

/* Waits for the user of the device; what it had was reset when it closed. */
static void matrix_mdev_remove(struct mdev_device *mdev)
{
	struct matrix_mdev *m = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&m->vdev);
	matrix_mdev_unlist(m);
	vfio_put_device(&m->vdev);
}

struct mdev_driver matrix_mdev_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.max_instances = MAX_MDEVS,
	.driver = {
		.name = "vfio_ap_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = matrix_mdev_attr_groups,
	},
	.probe = matrix_mdev_probe,
	.remove = matrix_mdev_remove,
};

int matrix_mdev_setup(void)
{
	refresh_wq = alloc_workqueue("vfio_ap_refresh", WQ_UNBOUND, 0);
	return refresh_wq ? 0 : -ENOMEM;
}

void matrix_mdev_cleanup(void)
{
	destroy_workqueue(refresh_wq);
}
