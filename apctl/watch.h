/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line for every change of the machine, as it happens. Returns an exit
 * status.
 */
#ifndef APCTL_WATCH_H
#define APCTL_WATCH_H

#include "context.h"

int watch(struct context *context);

#endif
