// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/device.h>

#include "ap_bus.h"
#include "mdev.h"
#include "obstacles.h"
#include "queue.h"
#include "refusal.h"
#include "tables.h"

#define AP_BUS "/sys/bus/ap"
#define BY_MASKS ": reserved for the host, write -%u to %s/apmask or -%u to %s/aqmask"
#define BY_DRIVER ": reserved for the host, write vfio_ap to %s/devices/" APQN_FMT \
	"/driver_override and " APQN_FMT " to its driver/unbind and to %s/drivers_probe"
#define CLAIMED ": assigned to %s, unassign it there first"
#define STUCK APQN_FMT ": holds what a guest left and cannot be zeroized, " \
	"bring its adapter back to work or unbind it as it is"
#define BEING_ZEROIZED APQN_FMT ": is being zeroized after its guest, try again when its " \
	"condition says ready"
#define ORPHANED APQN_FMT ": its guest has not given it up, end the guest first"

bool vfio_ap_name_claims(const struct matrix *matrix, const struct matrix_mdev *self,
			 struct refusal *refusal)
{
	struct matrix_mdev *m;
	bool found = false;
	unsigned int apqn;

	lockdep_assert_held(&vfio_ap_tables.lock);
	list_for_each_entry(m, &vfio_ap_tables.mdevs, node) {
		struct matrix both = matrix_and(&m->matrix, matrix);

		if (m == self || !m->active)
			continue;
		matrix_for_each(apqn, &both) {
			vfio_ap_refusal_add(refusal, APQN_FMT CLAIMED, APQN_ADAPTER(apqn),
					    APQN_DOMAIN(apqn), dev_name(m->vdev.dev));
			found = true;
		}
	}
	return found;
}

/*
 * Return a sentence about the queue @apqn if only its last guest may have it,
 * and NULL otherwise.
 */
static const char *taint_of(unsigned int apqn)
{
	struct queue *q = vfio_ap_tables_queue(apqn);

	if (vfio_ap_queue_is_orphaned(apqn))
		return ORPHANED;
	if (!q || !q->state.tainted)
		return NULL;
	return vfio_ap_queue_state_is_stuck(&q->state) ? STUCK : BEING_ZEROIZED;
}

bool vfio_ap_name_tainted(const struct matrix *matrix, struct refusal *refusal)
{
	bool found = false;
	unsigned int apqn;

	matrix_for_each(apqn, matrix) {
		const char *taint = taint_of(apqn);

		if (!taint || vfio_ap_tables_claimant(apqn))
			continue;
		vfio_ap_refusal_add(refusal, taint, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
		found = true;
	}
	return found;
}

/*
 * Return whether queues are reserved by masks, in which case the kernel does
 * not accept driver_override.
 */
static bool masks_are_in_use(void)
{
	return !bitmap_full(ap_perms.apm, AP_DEVICES) || !bitmap_full(ap_perms.aqm, AP_DOMAINS);
}

static void name_reserved_one(unsigned int apqn, struct refusal *refusal)
{
	unsigned int adapter = APQN_ADAPTER(apqn), domain = APQN_DOMAIN(apqn);

	if (AP_HAS_DRIVER_OVERRIDE && !masks_are_in_use())
		vfio_ap_refusal_add(refusal, APQN_FMT BY_DRIVER, adapter, domain,
				    AP_BUS, adapter, domain, adapter, domain, AP_BUS);
	else
		vfio_ap_refusal_add(refusal, APQN_FMT BY_MASKS, adapter, domain,
				    adapter, AP_BUS, domain, AP_BUS);
}

/*
 * The kernel searches all queues under a spinlock, so those that the device has
 * already are not looked up.
 */
bool vfio_ap_name_reserved(const struct matrix *matrix, const struct matrix *had,
			   struct refusal *refusal)
{
	bool found = false;
	unsigned int apqn;

	lockdep_assert_held(&ap_reservation_mutex);
	matrix_for_each(apqn, matrix) {
		if (matrix_has(had, apqn) ||
		    !ap_owned_by_def_drv(APQN_ADAPTER(apqn), APQN_DOMAIN(apqn)))
			continue;
		name_reserved_one(apqn, refusal);
		found = true;
	}
	return found;
}

bool vfio_ap_name_limit(const struct matrix *matrix, struct refusal *refusal)
{
	const struct tables *t = &vfio_ap_tables;

	if (matrix_within(matrix, &t->limit))
		return false;
	vfio_ap_refusal_add(refusal,
			    "the machine has adapters up to 0x%02x and domains up to 0x%04x",
			    t->max_adapter, t->max_domain);
	return true;
}
