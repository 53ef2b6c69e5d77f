/* SPDX-License-Identifier: GPL-2.0-only */
/* What passes between a running guest and whoever started it. */
#ifndef RELAY_H
#define RELAY_H

#include "channel.h"
#include "console.h"
#include "plug.h"
#include "port.h"

/* What a running guest is connected to. */
struct relay_ends {
	struct channel channel;
	struct plug plug;
	struct port hmp, qmp;
	struct console console;
};

/* Block the signals that relay_run() answers. Call once, early. */
bool relay_init(void);

/*
 * Pass the console and the monitors between their places and the guest until it
 * has ended. Ends the guest on SIGTERM, SIGINT, SIGHUP and on C-a x. Plugs and
 * unplugs the vfio-ap device as a monitor says, and unplugs it when the host asks
 * for it; the guest goes on without. Returns the exit status.
 */
int relay_run(struct relay_ends *ends);

#endif /* RELAY_H */
