/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a file wants, against what there is: plan tells the difference and every
 * conflict, apply makes it so. Each returns an exit status.
 */
#ifndef APCTL_PLAN_H
#define APCTL_PLAN_H

#include "context.h"

int plan(struct context *context);
int apply(struct context *context);

#endif
