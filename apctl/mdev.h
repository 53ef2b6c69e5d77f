/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Active mediated devices. The functions return 0 or -errno, and print the
 * kernel's reasons on @err.
 */
#ifndef APCTL_MDEV_H
#define APCTL_MDEV_H

#include "ids.h"

/*
 * Create the device, assign all of @matrix, and write the other attributes of
 * its definition. On failure, the device is removed.
 */
int mdev_start(const char *root, const char *uuid, const struct matrix *matrix, FILE *err);

/* Change the assignment from @from to @to. On failure, it is @from again. */
int mdev_change(const char *root, const char *uuid, const struct matrix *from,
		const struct matrix *to, FILE *err);

/*
 * Return whether a VMM has the device open, whether its guest has queues or
 * not. This opens the device's VFIO group for a moment; a VMM that opens it at
 * the same time is refused.
 */
bool mdev_is_open(const char *root, const char *uuid);

int mdev_stop(const char *root, const char *uuid, FILE *err);

#endif
