/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show() prints the machine as a grid of adapters and domains, whose cells
 * contain the owners. It returns an exit status.
 */
#ifndef APCTL_SHOW_H
#define APCTL_SHOW_H

#include "context.h"

int show(struct context *context);

#endif
