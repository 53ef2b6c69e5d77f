/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's end of the link (link.h): connections of VMs.
 *
 * Whoever breaks the link's rules, or does not read its answers, loses its
 * connection and its VM; the others do not notice. Of the connections that have
 * not attached, there are at most CONNECTION_WAITING: the oldest one makes room
 * for another one. All of them together have one turn in a round of the loop.
 */
#ifndef DAEMON_CONNECTION_H
#define DAEMON_CONNECTION_H

#include <sys/queue.h>

#include "cex/cex.h"
#include "acceptor.h"
#include "admission.h"
#include "loop.h"
#include "state_writer.h"

#define CONNECTION_WAITING	256

struct connection;

/* A socket that VMs connect to. @role: the only one that it is for, or 0 */
struct entrance {
	struct acceptor acceptor;
	struct connections *all;
	enum link_role role;
	bool open;
};

struct connections {
	struct entrance entrance;	/* of all, or of the LPAR */
	struct entrance guests;		/* if they have one of their own */
	struct loop *loop;		/* of those that are attached */
	struct loop strangers;		/* of the others, within that */
	struct cex_machine *machine;
	struct state_writer *writer;	/* or NULL */
	struct admission admission;
	TAILQ_HEAD(connection_list, connection) list;	/* the oldest first */
	unsigned int waiting;		/* not attached */
	unsigned long last_id;
};

/*
 * Serve VMs that connect to @path: the LPAR and its guests, or the LPAR alone if
 * there is a path for @guests, which may be NULL. VMs that are attached to
 * @machine from a process before this one may come back. An answer waits until
 * @writer has what it rests upon. There can be ADMISSION_VMS_MAX, or as many as
 * this process may have descriptors for. Returns 0, or -errno when the reason
 * was logged.
 */
int connections_open(struct connections *connections, struct loop *loop,
		     struct cex_machine *machine, struct state_writer *writer,
		     const char *path, const char *guests);
void connections_close(struct connections *connections);

/* More was saved: give the answers that have waited for it. */
void connections_saved(struct connections *connections);

#endif /* DAEMON_CONNECTION_H */
