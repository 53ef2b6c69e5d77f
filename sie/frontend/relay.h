/* SPDX-License-Identifier: GPL-2.0-only */
/* The data between a running guest and the program that started it. */
#ifndef RELAY_H
#define RELAY_H

#include "channel.h"
#include "console.h"
#include "plug.h"
#include "port.h"

/* The connections of a running guest */
struct relay_ends {
	struct channel channel;
	struct plug plug;
	struct port hmp, qmp;
	struct console console;
};

/*
 * Block the signals that relay_run() handles. Call this once, early. Report
 * errors and return false.
 */
bool relay_init(void);

/*
 * Pass the console and the monitors between their places and the guest until
 * the guest has ended. SIGTERM, SIGINT, SIGHUP and C-a x end the guest.
 * relay_run() plugs and unplugs the vfio-ap device as a monitor requests. It
 * also unplugs the device when the host asks for it back, and the guest
 * continues without. Return the exit status.
 */
int relay_run(struct relay_ends *ends);

#endif /* RELAY_H */
