/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine as a grid of adapters and domains, each cell its owner. Returns
 * an exit status.
 */
#ifndef APCTL_SHOW_H
#define APCTL_SHOW_H

#include "context.h"

int show(struct context *context);

#endif
