// SPDX-License-Identifier: GPL-2.0-only
#include "apcb.h"
#include "dbf.h"
#include "event.h"
#include "mdev.h"
#include "registry.h"
#include "requests.h"

static void tell(struct matrix_mdev *m, const struct matrix *before)
{
	vfio_ap_mdev_notify_guest(m);
	if (!m->plugged)
		return;
	vfio_ap_eventfds_signal(&m->eventfds, IRQ_CONFIG_CHANGED);
	vfio_ap_event_apcb(m->vdev.dev, before, &m->apcb);
}

void vfio_ap_apcb_refresh(struct matrix_mdev *m)
{
	struct matrix before = m->apcb;

	if (m->plugged)
		vfio_ap_registry_recheck(m);
	vfio_ap_registry_plan(m);
	if (matrix_equal(&before, &m->apcb))
		return;
	if (m->plugged) {
		dbf_event(DBF_INFO, "vfio%u: the APCB of its guest changes", m->vdev.index);
		vfio_ap_guest_set_masks(&m->guest, &m->apcb);
		vfio_ap_registry_leave(m, &before);
	}
	tell(m, &before);
}

void vfio_ap_apcb_refresh_work(struct work_struct *work)
{
	struct matrix_mdev *m = container_of(work, struct matrix_mdev, refresh_work);

	mutex_lock(&m->lock);
	vfio_ap_apcb_refresh(m);
	mutex_unlock(&m->lock);
	vfio_ap_refresh_done();
}

static void put_into_force(struct matrix_mdev *m)
{
	vfio_ap_registry_settle(m);
	vfio_ap_apcb_refresh(m);
}

/*
 * If a guest has the device, or is to have it (@opening), it is found out before
 * the wait which queues have to be reset again. Changes that come from the
 * machine do not wait for that.
 */
static void wait_for_rest(struct matrix_mdev *m, bool opening)
{
	mutex_lock(&m->lock);
	if (opening || m->plugged)
		vfio_ap_registry_recheck(m);
	mutex_unlock(&m->lock);
	vfio_ap_registry_wait(m);
}

void vfio_ap_apcb_prepare(struct matrix_mdev *m)
{
	wait_for_rest(m, true);
}

/* Another writer may have assigned queues that are not at rest. */
static bool try_to_settle(struct matrix_mdev *m)
{
	bool ready;

	mutex_lock(&m->lock);
	ready = !vfio_ap_registry_is_pending(m);
	if (ready)
		put_into_force(m);
	mutex_unlock(&m->lock);
	return ready;
}

/*
 * What is written to an attribute comes into force in one change, when the
 * queues are at rest. Whoever is first after that puts into force what all have
 * written.
 */
void vfio_ap_apcb_settle(struct matrix_mdev *m)
{
	wait_for_rest(m, false);
	while (!try_to_settle(m))
		vfio_ap_registry_wait(m);
	vfio_ap_registry_wait(m);
}

void vfio_ap_apcb_plug(struct matrix_mdev *m)
{
	lockdep_assert_held(&m->lock);
	if (!m->guest.kvm)
		return;
	/* Thus each queue counts as not yet in this guest. */
	vfio_ap_registry_clear(m);
	m->plugged = true;
	put_into_force(m);
	/* Notify even if the guest gets nothing of what was shown for it. */
	vfio_ap_mdev_notify_guest(m);
}

void vfio_ap_apcb_unplug(struct matrix_mdev *m)
{
	struct matrix before = m->apcb;

	lockdep_assert_held(&m->lock);
	if (!m->plugged)
		return;
	/*
	 * The masks are cleared first, since a queue that the guest can still
	 * reach would not stay zeroized.
	 */
	vfio_ap_guest_clear_masks(&m->guest);
	vfio_ap_registry_clear(m);
	vfio_ap_registry_leave(m, &before);
	/*
	 * Report while the device counts as plugged, as there is a guest to
	 * notify.
	 */
	tell(m, &before);
	m->plugged = false;
}

int vfio_ap_apcb_reset(struct matrix_mdev *m)
{
	struct matrix queues = {};

	mutex_lock(&m->lock);
	if (m->plugged) {
		queues = m->apcb;
		vfio_ap_registry_begin_reset(&queues);
	}
	mutex_unlock(&m->lock);
	vfio_ap_registry_wait(m);
	return vfio_ap_registry_reset_result(m, &queues);
}
