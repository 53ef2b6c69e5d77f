/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan() compares a file with the machine, and prints the differences and all
 * conflicts. apply() carries the file out. Both return an exit status.
 */
#ifndef APCTL_PLAN_H
#define APCTL_PLAN_H

#include "context.h"

int plan(struct context *context);
int apply(struct context *context);

#endif
