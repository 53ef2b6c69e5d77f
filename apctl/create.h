/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that define, change and remove devices. Each returns an exit status.
 */
#ifndef APCTL_CREATE_H
#define APCTL_CREATE_H

#include "context.h"

int create(struct context *context);
int set(struct context *context);
int remove_device(struct context *context);

#endif
