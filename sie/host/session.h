/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said about a guest while it runs. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include "channel.h"
#include "guest.h"
#include "log.h"
#include "monitor.h"
#include "rescan.h"

/*
 * Pass bytes between the LPAR and a guest until the guest has ended, and tell the
 * LPAR its exit status. What the guest writes to its console goes to @console as
 * well. The guest is killed when the LPAR says so, breaks the protocol or goes
 * away.
 */
void session_run(struct channel *channel, struct guest *guest, struct log *console,
		 struct rescan *rescan, struct monitor *monitor);

#endif /* HOST_SESSION_H */
