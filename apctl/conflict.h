/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conflicts of a wish with the machine. wish_possible() returns whether there
 * are none; each one is reported on @err with its line.
 */
#ifndef APCTL_CONFLICT_H
#define APCTL_CONFLICT_H

#include "wish.h"

bool wish_possible(const struct machine *machine, const struct wish *wish, FILE *err);

/*
 * Return the wish for the device @uuid, which belongs to @wish, or NULL if
 * there is none.
 */
const struct wished_device *wish_find(const struct wish *wish, const char *uuid);

#endif
