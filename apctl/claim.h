/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps a device from having what it wants.
 */
#ifndef APCTL_CLAIM_H
#define APCTL_CLAIM_H

#include "machine.h"

/*
 * Whether the device @uuid, which may be NULL, can have all of @wanted now. Each
 * queue that it cannot have gets a sentence on @err with its owner and the way
 * out, and each number that the machine cannot have.
 */
bool claim_possible(const struct machine *machine, const char *uuid,
		    const struct matrix *wanted, FILE *err);

/* Whether every number is one that the machine can have; others get a sentence. */
bool claim_in_range(const struct machine *machine, const struct matrix *wanted, FILE *err);

#endif
