/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Obstacles to a request for queues, which these functions add to a refusal
 * together with the way out. Each returns whether there was an obstacle. The
 * caller holds tables.lock unless stated otherwise.
 */
#ifndef VFIO_AP_OBSTACLES_H
#define VFIO_AP_OBSTACLES_H

#include <linux/types.h>

struct matrix;
struct matrix_mdev;
struct refusal;

/*
 * Add to @refusal every APQN of @matrix that is assigned to an active mdev
 * other than @self.
 */
bool vfio_ap_name_claims(const struct matrix *matrix, const struct matrix_mdev *self,
			 struct refusal *refusal);
/*
 * Add every APQN of @matrix that is not assigned, but contains what a guest has
 * left there.
 */
bool vfio_ap_name_tainted(const struct matrix *matrix, struct refusal *refusal);
/* Add an obstacle if an id of @matrix exceeds what the machine can have. */
bool vfio_ap_name_limit(const struct matrix *matrix, struct refusal *refusal);

/*
 * Add every APQN of @matrix, except those of @had, that is reserved for the
 * host. The caller holds ap_reservation_mutex, and not tables.lock, as this
 * takes long for many APQNs.
 */
bool vfio_ap_name_reserved(const struct matrix *matrix, const struct matrix *had,
			   struct refusal *refusal);

#endif
