/* SPDX-License-Identifier: GPL-2.0-only */
/* What passes between a running guest and whoever started it. */
#ifndef RELAY_H
#define RELAY_H

#include "channel.h"
#include "vfio.h"

/* Block the signals that relay_run() answers. Call once, early. */
bool relay_init(void);

/*
 * Pass the console between stdin, stdout and the guest until it has ended.
 * Ends the guest on SIGTERM, SIGINT, SIGHUP, on C-a x, and when the host asks
 * for the vfio-ap device. Returns the exit status.
 */
int relay_run(struct channel *channel, const struct vfio *vfio);

#endif /* RELAY_H */
