/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver knows as a whole: its mediated devices, the queues bound to
 * it and the host's AP configuration.
 *
 * Only registry.c takes tables.lock. It is never held while hardware or a guest is waited for.
 * docs/locking.md has the order of all locks.
 */
#ifndef VFIO_AP_TABLES_H
#define VFIO_AP_TABLES_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "matrix.h"

struct ap_config_info;
struct matrix_mdev;
struct queue;

struct tables {
	struct mutex lock;		/* protects everything below */
	struct list_head mdevs;
	struct xarray queues;		/* struct queue by APQN */
	struct list_head orphans;	/* struct queue: unbound, and still in a guest */
	struct matrix host;		/* the host's AP configuration */
	bool told;			/* by the AP bus of a change of it */
	struct matrix limit;		/* every id that the machine can have */
	unsigned int max_adapter;	/* constant */
	unsigned int max_domain;	/* constant */
	struct ap_mask leftovers[AP_IDS];	/* see vfio_ap_tables_leave() */
	struct matrix_cut *cut;		/* scratch of vfio_ap_matrix_cut() */
	bool scanning;			/* the ap bus is taking in a new configuration */
};

extern struct tables vfio_ap_tables;

/*
 * Without QCI (@info is NULL) every id may exist, bound queues tell which do. Returns 0 or
 * -ENOMEM. Nobody else uses the tables yet.
 */
int vfio_ap_tables_setup(const struct ap_config_info *info);
void vfio_ap_tables_cleanup(void);

/* @info as masks. */
struct matrix vfio_ap_tables_host_of(const struct ap_config_info *info);

/* The following need tables.lock. */

void vfio_ap_tables_set_host(const struct ap_config_info *info);
/* The bound queue @apqn, NULL if there is none. */
struct queue *vfio_ap_tables_queue(unsigned int apqn);
/* The active mdev to which @apqn is assigned, or NULL. */
struct matrix_mdev *vfio_ap_tables_claimant(unsigned int apqn);
/*
 * The queue @apqn is no longer bound; what a guest left in it is (@tainted) or is not there.
 * It is remembered, for when the queue comes back.
 */
void vfio_ap_tables_leave(unsigned int apqn, bool tainted);
bool vfio_ap_tables_left_tainted(unsigned int apqn);

#endif
