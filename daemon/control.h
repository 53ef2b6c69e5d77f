/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's control socket takes one command per connection:
 *
 *	client	a line, the command and its arguments
 *	swcexd	"ok", or "error: " and a reason, as a line; then the answer
 *
 * Then swcexd closes the connection. The command `help` lists the commands. All
 * clients together take one turn in a round of the loop. A client that sends
 * more than a line is answered, too; up to CONTROL_EXCESS_MAX bytes that follow
 * the line are read and dropped.
 */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include <sys/queue.h>

#include "cex/cex.h"
#include "acceptor.h"
#include "state_writer.h"
#include "loop.h"

#define CONTROL_LINE_MAX	256
#define CONTROL_CLIENT_MAX	16
#define CONTROL_EXCESS_MAX	(1u << 20)

struct client;

struct control {
	struct acceptor acceptor;
	bool open;			/* false if there is no socket */
	struct loop loop;		/* of the clients, in the caller's */
	struct cex_machine *machine;
	struct state_writer *writer;		/* or NULL */
	TAILQ_HEAD(client_list, client) clients;	/* oldest first */
	unsigned int count;
};

/*
 * Serve commands for @machine on a socket at @path, or none if that is NULL.
 * The answer to a command that changes the saved state waits until @writer has
 * saved it, or has failed to, which the answer then says. Return 0, or -errno
 * after the reason has been logged.
 */
int control_open(struct control *control, struct loop *loop,
		 struct cex_machine *machine, struct state_writer *writer,
		 const char *path);
void control_close(struct control *control);

/* Send the answers that have waited for a revision to be saved, or to fail. */
void control_saved(struct control *control);

#endif /* DAEMON_CONTROL_H */
