/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start() activates defined devices, and stop() deactivates them. Both return
 * an exit status.
 */
#ifndef APCTL_START_H
#define APCTL_START_H

#include "context.h"

int start(struct context *context);
int stop(struct context *context);

#endif
