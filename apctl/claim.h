/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Obstacles to what a device is to have.
 */
#ifndef APCTL_CLAIM_H
#define APCTL_CLAIM_H

#include "machine.h"

/*
 * Check that the device @uuid, which may be NULL, can have all of @wanted now.
 * Return 0 or -errno. Each queue that it cannot have is reported on @err with
 * its owner and the way out, and so is each number that the machine does not
 * support.
 */
int claim_check(const struct machine *machine, const char *uuid,
		const struct matrix *wanted, FILE *err);

/*
 * Check that the machine supports all numbers of @wanted. Return 0, or -EINVAL
 * after a message on @err for others.
 */
int claim_check_range(const struct machine *machine, const struct matrix *wanted, FILE *err);

#endif
