// SPDX-License-Identifier: GPL-2.0-only
#include "mdev.h"
#include "plan.h"
#include "queue.h"
#include "tables.h"

static enum queue_rank rank_of(unsigned int apqn, const void *arg)
{
	const struct matrix_mdev *m = arg;
	struct queue *q = vfio_ap_tables_queue(apqn);

	if (!q || q->unbinding || !vfio_ap_queue_state_available(&q->state, m) ||
	    vfio_ap_queue_is_orphaned(apqn))
		return QUEUE_MISSING;
	if (matrix_has(&m->apcb, apqn))
		return QUEUE_HELD;
	/* An APQN that is no longer assigned may be another device's. */
	return matrix_has(&m->matrix, apqn) ? QUEUE_SPARE : QUEUE_MISSING;
}

/* Return the ids of @settled that are still assigned, or that the guest has. */
static struct ap_mask still_due(const struct ap_mask *settled, const struct ap_mask *assigned,
				const struct ap_mask *held)
{
	struct ap_mask due = mask_or(assigned, held);

	return mask_and(settled, &due);
}

bool vfio_ap_is_pending(struct queue *q, const struct matrix_mdev *m)
{
	return q->state.phase == QUEUE_RESETTING && !q->state.owner && m->active &&
	       matrix_has(&m->matrix, q->apqn);
}

static bool queues_are_pending(const struct matrix_mdev *m)
{
	unsigned long apqn;
	struct queue *q;

	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		if (vfio_ap_is_pending(q, m))
			return true;
	return false;
}

struct matrix vfio_ap_plan(const struct matrix_mdev *m)
{
	struct matrix wanted = {};

	lockdep_assert_held(&vfio_ap_tables.lock);
	if (!m->active)
		return wanted;
	wanted.apm = still_due(&m->settled.apm, &m->matrix.apm, &m->apcb.apm);
	wanted.aqm = still_due(&m->settled.aqm, &m->matrix.aqm, &m->apcb.aqm);
	wanted.adm = still_due(&m->settled.adm, &m->matrix.adm, &m->apcb.adm);
	wanted = matrix_and(&wanted, &vfio_ap_tables.host);
	if (vfio_ap_tables.scanning || queues_are_pending(m)) {
		wanted.apm = mask_and(&wanted.apm, &m->apcb.apm);
		wanted.aqm = mask_and(&wanted.aqm, &m->apcb.aqm);
	}
	vfio_ap_matrix_cut(&wanted, vfio_ap_tables.cut, rank_of, m);
	if (m->control_usage)
		wanted.adm = mask_or(&wanted.adm, &wanted.aqm);
	return wanted;
}
