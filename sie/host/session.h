/* SPDX-License-Identifier: GPL-2.0-only */
/* The communication about a guest while it runs. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include "channel.h"
#include "guest.h"
#include "log.h"
#include "monitor.h"
#include "rescan.h"

/*
 * Pass bytes between the LPAR and a guest until the guest has ended, and tell
 * the LPAR its exit status. The guest's output to its console is also written
 * to @console. The guest is killed if the LPAR requests it, violates the
 * protocol or disconnects.
 */
void session_run(struct channel *channel, struct guest *guest, struct log *console,
		 struct rescan *rescan, struct monitor *monitor);

#endif /* HOST_SESSION_H */
