/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * apd's end of the link (link.h): connections of VMs.
 *
 * Whoever breaks the link's rules, or does not read its answers, loses its
 * connection; the others do not notice. When there are CONNECTION_MAX, the
 * oldest one that has not attached makes room for a new one.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <sys/queue.h>

#include "cex.h"
#include "listener.h"
#include "loop.h"

#define CONNECTION_MAX	512

struct connection;

struct connections {
	struct source source;
	struct listener listener;
	struct loop *loop;
	struct cex_machine *machine;
	TAILQ_HEAD(connection_list, connection) list;	/* the oldest first */
	unsigned int count;
	unsigned long last_id;
};

bool connections_open(struct connections *connections, struct loop *loop,
		      struct cex_machine *machine, const char *path);
void connections_close(struct connections *connections);

#endif /* CONNECTION_H */
