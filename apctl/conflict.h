/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps a wish from being fulfilled. Returns whether there is nothing;
 * each conflict gets a sentence on @err, with its line.
 */
#ifndef APCTL_CONFLICT_H
#define APCTL_CONFLICT_H

#include "wish.h"

bool wish_possible(const struct machine *machine, const struct wish *wish, FILE *err);

/* The wish for a device, or NULL. */
const struct wished_device *wish_find(const struct wish *wish, const char *uuid);

#endif
