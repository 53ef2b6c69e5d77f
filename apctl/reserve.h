/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reserve() gives queues of the host to vfio_ap, and release() returns them.
 * Both return an exit status.
 */
#ifndef APCTL_RESERVE_H
#define APCTL_RESERVE_H

#include "context.h"

int reserve(struct context *context);
int release(struct context *context);

#endif
