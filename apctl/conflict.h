/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conflicts of a wish with the machine. wish_check() returns 0 if there are none,
 * or -EBUSY after a message on @err for each, with its line.
 */
#ifndef APCTL_CONFLICT_H
#define APCTL_CONFLICT_H

#include "wish.h"

int wish_check(const struct machine *machine, const struct wish *wish, FILE *err);

/*
 * Return the wish for the device @uuid, which belongs to @wish, or NULL if
 * there is none.
 */
const struct wished_device *wish_find(const struct wish *wish, const char *uuid);

#endif
