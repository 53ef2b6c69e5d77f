/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's control socket: one command per connection.
 *
 *	client	a line, the command and its arguments
 *	swcexd	"ok", or "error: " and a reason, as a line; then the answer
 *
 * and swcexd closes the connection. `help` names the commands.
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

struct client;

struct control {
	struct acceptor acceptor;
	bool open;			/* there is a socket */
	struct loop *loop;
	struct cex_machine *machine;
	struct state_writer *writer;		/* or NULL */
	TAILQ_HEAD(client_list, client) clients;	/* the oldest first */
	unsigned int count;
};

/*
 * A @path of NULL opens nothing. The answer to a command that changes what is
 * saved waits until @writer has that, or could not have it, which it then tells.
 */
bool control_open(struct control *control, struct loop *loop,
		  struct cex_machine *machine, struct state_writer *writer,
		  const char *path);
void control_close(struct control *control);

/* More was saved, or could not be: give the answers that have waited for it. */
void control_saved(struct control *control);

#endif /* DAEMON_CONTROL_H */
