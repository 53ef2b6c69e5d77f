/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's end of the link (abi/link.h): the connections of VMs.
 *
 * A peer that breaks the rules of the link, or does not read its answers, loses
 * its connection and its VM; other VMs do not notice. At most
 * CONNECTION_WAITING connections may be without an attached VM; beyond that,
 * the oldest of them is closed for each that is accepted. All of them together
 * take one turn in a round of the loop.
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

/* @role: the only role that the socket is for; 0 if it is for both */
struct entrance {
	struct acceptor acceptor;
	struct connections *all;
	enum link_role role;
	bool open;
};

struct connections {
	struct entrance entrance;	/* for all VMs, or for the LPAR only */
	struct entrance guests;		/* for guests, if they have their own */
	struct loop *loop;		/* serves attached connections */
	struct loop strangers;		/* serves the others, within @loop */
	struct cex_machine *machine;
	struct state_writer *writer;	/* or NULL */
	struct admission admission;
	TAILQ_HEAD(connection_list, connection) list;	/* oldest first */
	unsigned int waiting;		/* those without an attached VM */
	unsigned long last_id;
};

/*
 * Serve VMs that connect to @path, where guests may connect too if @guests is
 * NULL; otherwise guests connect to the path @guests. VMs that were attached to
 * @machine before swcexd was started again may come back. An answer is not sent
 * before @writer has saved what it depends on. The number of VMs is limited to
 * ADMISSION_VMS_MAX, or to what the limit of open files allows. Return 0, or
 * -errno after the reason has been logged.
 */
int connections_open(struct connections *connections, struct loop *loop,
		     struct cex_machine *machine, struct state_writer *writer,
		     const char *path, const char *guests);
void connections_close(struct connections *connections);

/* Send the answers that have waited for what has been saved by this time. */
void connections_saved(struct connections *connections);

#endif /* DAEMON_CONNECTION_H */
