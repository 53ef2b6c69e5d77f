/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch() prints a line for each change of the machine when it happens. It
 * returns an exit status.
 */
#ifndef APCTL_WATCH_H
#define APCTL_WATCH_H

#include "context.h"

int watch(struct context *context);

#endif
