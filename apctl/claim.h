/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Obstacles to what a device is to have.
 */
#ifndef APCTL_CLAIM_H
#define APCTL_CLAIM_H

#include "machine.h"

/*
 * Return whether the device @uuid, which may be NULL, can have all of @wanted
 * now. Each queue that it cannot have is reported on @err with its owner and
 * the way out, and so is each number that the machine does not support.
 */
bool claim_possible(const struct machine *machine, const char *uuid,
		    const struct matrix *wanted, FILE *err);

/*
 * Return whether the machine supports all numbers of @wanted. Others are
 * reported on @err.
 */
bool claim_in_range(const struct machine *machine, const struct matrix *wanted, FILE *err);

#endif
