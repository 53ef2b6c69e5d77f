/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * change_active() changes what an active device has to @matrix, and records at
 * the fence who has it. It returns 0, or -errno after a message: with --fence, it
 * refuses domains with master keys that another device had.
 */
#ifndef APCTL_CHANGE_H
#define APCTL_CHANGE_H

#include "context.h"
#include "machine.h"

int change_active(const struct context *context, const struct machine *machine,
		  const struct device *device, const struct matrix *matrix);

#endif
