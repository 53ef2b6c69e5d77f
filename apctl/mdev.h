/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Active mediated devices. Each function returns 0 or -errno, and sends the
 * kernel's reasons to @err.
 */
#ifndef APCTL_MDEV_H
#define APCTL_MDEV_H

#include "ids.h"

/*
 * Creates the device, assigns all of @matrix and writes what its definition has beside that, or
 * leaves no device.
 */
int mdev_start(const char *root, const char *uuid, const struct matrix *matrix, FILE *err);

/* Makes @to of what is assigned, which is @from; after a failure it is @from again. */
int mdev_change(const char *root, const char *uuid, const struct matrix *from,
		const struct matrix *to, FILE *err);

/*
 * Whether a VMM has the device open, whatever queues its guest has. Who asks
 * opens its VFIO group for a moment, which keeps out a VMM that comes then.
 */
bool mdev_is_open(const char *root, const char *uuid);

int mdev_stop(const char *root, const char *uuid, FILE *err);

#endif
