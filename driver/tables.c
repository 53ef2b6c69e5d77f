// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>

#include "ap_bus.h"
#include "mdev.h"
#include "tables.h"

/* Largest adapter and domain where extended addressing is not installed. */
#define PLAIN_MAX_ADAPTER 63
#define PLAIN_MAX_DOMAIN 15

struct tables vfio_ap_tables = {
	.lock = __MUTEX_INITIALIZER(vfio_ap_tables.lock),
	.mdevs = LIST_HEAD_INIT(vfio_ap_tables.mdevs),
	.queues = XARRAY_INIT(vfio_ap_tables.queues, 0),
	.orphans = LIST_HEAD_INIT(vfio_ap_tables.orphans),
};

static void mask_fill(struct ap_mask *mask, unsigned int max)
{
	for (unsigned int id = 0; id <= max; id++)
		mask_add(mask, id);
}

struct matrix vfio_ap_tables_host_of(const struct ap_config_info *info)
{
	struct matrix host;

	BUILD_BUG_ON(sizeof(info->apm) != sizeof(host.apm));
	memcpy(&host.apm, info->apm, sizeof(info->apm));
	memcpy(&host.aqm, info->aqm, sizeof(info->aqm));
	memcpy(&host.adm, info->adm, sizeof(info->adm));
	return host;
}

int vfio_ap_tables_setup(const struct ap_config_info *info)
{
	bool extended = info && info->apxa;
	struct tables *t = &vfio_ap_tables;

	t->max_adapter = extended ? qci_max_adapter(info) : PLAIN_MAX_ADAPTER;
	t->max_domain = extended ? qci_max_domain(info) : PLAIN_MAX_DOMAIN;
	mask_fill(&t->limit.apm, t->max_adapter);
	mask_fill(&t->limit.aqm, t->max_domain);
	mask_fill(&t->limit.adm, t->max_domain);
	t->host = info ? vfio_ap_tables_host_of(info) : t->limit;
	t->cut = kvmalloc(sizeof(*t->cut), GFP_KERNEL);
	return t->cut ? 0 : -ENOMEM;
}

void vfio_ap_tables_cleanup(void)
{
	kvfree(vfio_ap_tables.cut);
	xa_destroy(&vfio_ap_tables.queues);
}

void vfio_ap_tables_set_host(const struct ap_config_info *info)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	vfio_ap_tables.host = vfio_ap_tables_host_of(info);
}

struct queue *vfio_ap_tables_queue(unsigned int apqn)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	return xa_load(&vfio_ap_tables.queues, apqn);
}

struct matrix_mdev *vfio_ap_tables_claimant(unsigned int apqn)
{
	struct matrix_mdev *m;

	lockdep_assert_held(&vfio_ap_tables.lock);
	list_for_each_entry(m, &vfio_ap_tables.mdevs, node)
		if (m->active && matrix_has(&m->matrix, apqn))
			return m;
	return NULL;
}

void vfio_ap_tables_leave(unsigned int apqn, bool tainted)
{
	struct ap_mask *leftovers = &vfio_ap_tables.leftovers[APQN_ADAPTER(apqn)];

	lockdep_assert_held(&vfio_ap_tables.lock);
	if (tainted)
		mask_add(leftovers, APQN_DOMAIN(apqn));
	else
		mask_del(leftovers, APQN_DOMAIN(apqn));
}

bool vfio_ap_tables_left_tainted(unsigned int apqn)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	return mask_has(&vfio_ap_tables.leftovers[APQN_ADAPTER(apqn)], APQN_DOMAIN(apqn));
}
