// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/mm.h>

#include "ap_bus.h"
#include "mdev.h"
#include "queue.h"
#include "refusal.h"
#include "registry.h"

/* Numbers of adapters and domains where extended addressing is not installed. */
#define PLAIN_MAX_ADAPTER 63
#define PLAIN_MAX_DOMAIN 15

#define AP_BUS "/sys/bus/ap"
#define RESERVED ": reserved for the host, write -%u to %s/apmask or -%u to %s/aqmask"
#define STUCK APQN_FMT ": holds what a guest left and cannot be zeroized, " \
	"bring its adapter back to work or unbind it as it is"
#define BEING_ZEROIZED APQN_FMT ": is being zeroized after its guest, try again when its status " \
	"says no more than unassigned"
#define GONE APQN_FMT ": went out of the configuration with what a guest left, " \
	"bring its adapter back"

struct registry registry = {
	.lock = __MUTEX_INITIALIZER(registry.lock),
	.mdevs = LIST_HEAD_INIT(registry.mdevs),
	.queues = XARRAY_INIT(registry.queues, 0),
};

static void mask_fill(struct ap_mask *mask, unsigned int max)
{
	for (unsigned int id = 0; id <= max; id++)
		mask_add(mask, id);
}

void registry_set_host(const struct ap_config_info *info)
{
	BUILD_BUG_ON(sizeof(info->apm) != sizeof(registry.host.apm));
	memcpy(&registry.host.apm, info->apm, sizeof(info->apm));
	memcpy(&registry.host.aqm, info->aqm, sizeof(info->aqm));
	memcpy(&registry.host.adm, info->adm, sizeof(info->adm));
}

int registry_setup(const struct ap_config_info *info)
{
	bool extended = info && info->apxa;

	registry.max_adapter = extended ? qci_max_adapter(info) : PLAIN_MAX_ADAPTER;
	registry.max_domain = extended ? qci_max_domain(info) : PLAIN_MAX_DOMAIN;
	mask_fill(&registry.limit.apm, registry.max_adapter);
	mask_fill(&registry.limit.aqm, registry.max_domain);
	mask_fill(&registry.limit.adm, registry.max_domain);
	if (info)
		registry_set_host(info);
	else
		registry.host = registry.limit;
	registry.cut = kvmalloc(sizeof(*registry.cut), GFP_KERNEL);
	return registry.cut ? 0 : -ENOMEM;
}

void registry_cleanup(void)
{
	kvfree(registry.cut);
	xa_destroy(&registry.queues);
}

struct queue *registry_queue(unsigned int apqn)
{
	lockdep_assert_held(&registry.lock);
	return xa_load(&registry.queues, apqn);
}

struct matrix_mdev *registry_claimant(unsigned int apqn)
{
	struct matrix_mdev *m;

	lockdep_assert_held(&registry.lock);
	list_for_each_entry(m, &registry.mdevs, node)
		if (m->active && matrix_has(&m->matrix, apqn))
			return m;
	return NULL;
}

bool registry_name_claims(const struct matrix *matrix, const struct matrix_mdev *self,
			  struct refusal *refusal)
{
	struct matrix_mdev *m;
	bool found = false;
	unsigned int apqn;

	lockdep_assert_held(&registry.lock);
	list_for_each_entry(m, &registry.mdevs, node) {
		struct matrix both = matrix_and(&m->matrix, matrix);

		if (m == self || !m->active)
			continue;
		matrix_for_each(apqn, &both) {
			refusal_add(refusal, APQN_FMT ": assigned to %s, unassign it there first",
				    APQN_ADAPTER(apqn), APQN_DOMAIN(apqn), dev_name(m->vdev.dev));
			found = true;
		}
	}
	return found;
}

void registry_leave(unsigned int apqn, bool tainted)
{
	struct ap_mask *leftovers = &registry.leftovers[APQN_ADAPTER(apqn)];

	lockdep_assert_held(&registry.lock);
	if (tainted)
		mask_add(leftovers, APQN_DOMAIN(apqn));
	else
		mask_del(leftovers, APQN_DOMAIN(apqn));
}

bool registry_left_tainted(unsigned int apqn)
{
	lockdep_assert_held(&registry.lock);
	return mask_has(&registry.leftovers[APQN_ADAPTER(apqn)], APQN_DOMAIN(apqn));
}

/* What is to be said of a queue that nobody but its last guest may have; NULL: nothing. */
static const char *registry_taint(unsigned int apqn)
{
	struct queue *q = registry_queue(apqn);

	if (!q)
		return registry_left_tainted(apqn) ? GONE : NULL;
	if (!q->state.tainted)
		return NULL;
	return queue_state_is_stuck(&q->state) ? STUCK : BEING_ZEROIZED;
}

bool registry_name_tainted(const struct matrix *matrix, struct refusal *refusal)
{
	bool found = false;
	unsigned int apqn;

	matrix_for_each(apqn, matrix) {
		const char *taint = registry_taint(apqn);

		if (!taint || registry_claimant(apqn))
			continue;
		refusal_add(refusal, taint, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
		found = true;
	}
	return found;
}

bool registry_name_reserved(const struct matrix *matrix, struct refusal *refusal)
{
	bool found = false;
	unsigned int apqn;

	lockdep_assert_held(&ap_reservation_mutex);
	matrix_for_each(apqn, matrix) {
		if (!ap_owned_by_def_drv(APQN_ADAPTER(apqn), APQN_DOMAIN(apqn)))
			continue;
		refusal_add(refusal, APQN_FMT RESERVED,
			    APQN_ADAPTER(apqn), APQN_DOMAIN(apqn), APQN_ADAPTER(apqn),
			    AP_BUS, APQN_DOMAIN(apqn), AP_BUS);
		found = true;
	}
	return found;
}

void registry_refresh(void)
{
	struct matrix_mdev *m;

	mutex_lock(&registry.lock);
	list_for_each_entry(m, &registry.mdevs, node)
		matrix_mdev_request_refresh(m);
	mutex_unlock(&registry.lock);
	matrix_mdev_flush_refreshes();
}
