// SPDX-License-Identifier: GPL-2.0-only
#include "ap_bus.h"
#include "assign.h"
#include "dbf.h"
#include "event.h"
#include "mdev.h"
#include "obstacles.h"
#include "registry.h"

static int claim(struct matrix_mdev *m, const struct matrix *next, bool active)
{
	const struct matrix nothing = {}, *had = m->active ? &m->matrix : &nothing;
	bool reserved;
	int rc;

	mutex_lock(&ap_reservation_mutex);
	reserved = active && vfio_ap_name_reserved(next, had, &m->refusal);
	rc = vfio_ap_registry_claim(m, next, active, reserved);
	mutex_unlock(&ap_reservation_mutex);
	if (rc)
		dbf_event(DBF_WARN, "vfio%u: its assignment is refused: %d", m->vdev.index, rc);
	return rc;
}

int vfio_ap_assign(struct matrix_mdev *m, const struct matrix *next)
{
	int rc;

	lockdep_assert_held(&m->lock);
	if (matrix_equal(next, &m->matrix))
		return 0;
	rc = claim(m, next, m->active);
	if (!rc)
		vfio_ap_mdev_notify_matrix(m);
	return rc;
}

int vfio_ap_activate(struct matrix_mdev *m, bool active)
{
	int rc;

	lockdep_assert_held(&m->lock);
	if (active == m->active)
		return 0;
	if (m->open) {
		vfio_ap_refusal_add(&m->refusal,
				    "a guest has the device, end it or unplug it first");
		return -EBUSY;
	}
	rc = claim(m, &m->matrix, active);
	if (rc)
		return rc;
	/* The matrix that the device claims has changed. */
	vfio_ap_mdev_notify_matrix(m);
	vfio_ap_event_device(m->vdev.dev, active ? "activate" : "deactivate");
	return 0;
}
