/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps queues from who wants them, with the way out, for a refusal. Each function
 * returns whether there was an obstacle and, unless it says otherwise, needs tables.lock.
 */
#ifndef VFIO_AP_OBSTACLES_H
#define VFIO_AP_OBSTACLES_H

#include <linux/types.h>

struct matrix;
struct matrix_mdev;
struct refusal;

/* Add to @refusal every APQN of @matrix that is assigned to an active mdev other than @self. */
bool vfio_ap_name_claims(const struct matrix *matrix, const struct matrix_mdev *self,
			 struct refusal *refusal);
/* The same for every APQN of @matrix, assigned to nobody, that holds what a guest left. */
bool vfio_ap_name_tainted(const struct matrix *matrix, struct refusal *refusal);
/* The same if an id of @matrix is one that the machine cannot have. */
bool vfio_ap_name_limit(const struct matrix *matrix, struct refusal *refusal);

/*
 * The same for every APQN of @matrix, but those of @had, that is reserved for the host. Needs
 * ap_reservation_mutex, and takes its time with many: not tables.lock.
 */
bool vfio_ap_name_reserved(const struct matrix *matrix, const struct matrix *had,
			   struct refusal *refusal);

#endif
