/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver knows as a whole: its mediated devices, the queues bound to
 * it and the host's AP configuration.
 *
 * registry.lock is taken for look-ups and changes of these tables and of the
 * fields that say so. It is never held while hardware or a guest is waited for.
 * docs/locking.md has the order of all locks.
 */
#ifndef VFIO_AP_REGISTRY_H
#define VFIO_AP_REGISTRY_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "matrix.h"

struct ap_config_info;
struct matrix_mdev;
struct queue;
struct refusal;

struct registry {
	struct mutex lock;		/* protects everything below */
	struct list_head mdevs;
	struct xarray queues;		/* struct queue by APQN */
	struct matrix host;		/* the host's AP configuration */
	struct matrix limit;		/* every id that the machine can have */
	unsigned int max_adapter;	/* constant */
	unsigned int max_domain;	/* constant */
	struct ap_mask leftovers[AP_IDS];	/* see registry_leave() */
	struct matrix_cut *cut;		/* scratch of matrix_cut() */
	bool scanning;			/* the ap bus is taking in a new configuration */
};

extern struct registry registry;

/* Without QCI (@info is NULL) every id may exist, bound queues tell which do. */
int registry_setup(const struct ap_config_info *info);
void registry_cleanup(void);
void registry_set_host(const struct ap_config_info *info);

/* The bound queue @apqn, NULL if there is none. Needs registry.lock. */
struct queue *registry_queue(unsigned int apqn);
/* The active mdev to which @apqn is assigned, or NULL. Needs registry.lock. */
struct matrix_mdev *registry_claimant(unsigned int apqn);

/*
 * The queue @apqn is no longer bound; what a guest left in it is (@tainted) or is not there.
 * It is remembered, for when the queue comes back. Needs registry.lock.
 */
void registry_leave(unsigned int apqn, bool tainted);
bool registry_left_tainted(unsigned int apqn);

/*
 * Add to @refusal every APQN of @matrix that is assigned to an active mdev other
 * than @self. Returns whether there was one. Needs registry.lock.
 */
bool registry_name_claims(const struct matrix *matrix, const struct matrix_mdev *self,
			  struct refusal *refusal);
/* The same for every APQN of @matrix, assigned to nobody, that holds what a guest left. */
bool registry_name_tainted(const struct matrix *matrix, struct refusal *refusal);
/*
 * Add to @refusal every APQN of @matrix that is reserved for the host. Returns
 * whether there was one. Needs ap_reservation_mutex.
 */
bool registry_name_reserved(const struct matrix *matrix, struct refusal *refusal);

/* Bring every guest up to date and return when that is done. */
void registry_refresh(void);

#endif
