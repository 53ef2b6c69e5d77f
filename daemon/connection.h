/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's end of the link (link.h): connections of VMs.
 *
 * Whoever breaks the link's rules, or does not read its answers, loses its
 * connection and its VM; the others do not notice. Of the connections that have
 * not attached, there are at most CONNECTION_WAITING: the oldest one makes room
 * for a new one.
 */
#ifndef DAEMON_CONNECTION_H
#define DAEMON_CONNECTION_H

#include <sys/queue.h>

#include "cex/cex.h"
#include "absent.h"
#include "acceptor.h"
#include "state_writer.h"
#include "loop.h"

#define CONNECTION_WAITING	256
#define CONNECTION_VMS		(CEX_GUESTS_MAX + 1)	/* and an LPAR */

struct connection;

struct connections {
	struct acceptor acceptor;
	struct loop *loop;
	struct cex_machine *machine;
	struct state_writer *writer;		/* or NULL */
	struct absents absents;
	TAILQ_HEAD(connection_list, connection) list;	/* the oldest first */
	unsigned int count;
	unsigned int vms_max;	/* attached or absent ones */
	unsigned long last_id;
};

/*
 * VMs that are attached to @machine from a process before this one may come
 * back. An answer waits until @writer has what it rests upon. There can be
 * CONNECTION_VMS, or as many as this process may have descriptors for.
 */
bool connections_open(struct connections *connections, struct loop *loop,
		      struct cex_machine *machine, struct state_writer *writer,
		      const char *path);
void connections_close(struct connections *connections);

/* More was saved: give the answers that have waited for it. */
void connections_saved(struct connections *connections);

#endif /* DAEMON_CONNECTION_H */
