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
 * Ends the guest on SIGTERM, SIGINT, SIGHUP and on C-a x. Closes the vfio-ap
 * device when the host asks for it; the guest goes on without. Returns the exit
 * status.
 */
int relay_run(struct channel *channel, struct vfio *vfio);

#endif /* RELAY_H */
