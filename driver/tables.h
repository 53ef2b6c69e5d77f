/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the driver knows: its mediated devices, the queues that are bound to
 * it and the host's AP configuration.
 *
 * Only registry.c takes tables.lock. It is never held during a wait for
 * hardware or for a guest. docs/locking.md has the order of all locks.
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
	struct list_head orphans;	/* queues that are unbound and still in a guest */
	struct matrix host;		/* the host's AP configuration */
	bool told;			/* the AP bus has reported a change of it */
	struct matrix limit;		/* all ids that the machine can have */
	unsigned int max_adapter;	/* constant */
	unsigned int max_domain;	/* constant */
	struct ap_mask leftovers[AP_IDS];	/* see vfio_ap_tables_leave() */
	struct matrix_cut *cut;		/* scratch memory of vfio_ap_matrix_cut() */
	bool scanning;			/* the AP bus is adopting another configuration */
};

extern struct tables vfio_ap_tables;

/*
 * Initialize the tables. Without QCI (@info is NULL) every id may exist, and
 * the queues that are bound show which do. Return 0 or -ENOMEM. Nothing else
 * may use the tables before this returns.
 */
int vfio_ap_tables_setup(const struct ap_config_info *info);
void vfio_ap_tables_cleanup(void);

/* Return @info as masks. */
struct matrix vfio_ap_tables_host_of(const struct ap_config_info *info);

/* The caller of the following functions holds tables.lock. */

void vfio_ap_tables_set_host(const struct ap_config_info *info);
/* Return the bound queue @apqn, or NULL if there is none. */
struct queue *vfio_ap_tables_queue(unsigned int apqn);
/*
 * Return the active mdev to which @apqn is assigned, or NULL if there is none.
 */
struct matrix_mdev *vfio_ap_tables_claimant(unsigned int apqn);
/*
 * Record that the queue @apqn is no longer bound, and whether it still contains
 * what a guest has left there (@tainted), for when it comes back.
 */
void vfio_ap_tables_leave(unsigned int apqn, bool tainted);
bool vfio_ap_tables_left_tainted(unsigned int apqn);

#endif
