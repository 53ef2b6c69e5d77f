/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's control socket: one command per connection.
 *
 *	client	a line, the command and its arguments
 *	swcexd	"ok", or "error: " and a reason, as a line; then the answer
 *
 * and swcexd closes the connection. `help` names the commands. All clients together
 * have one turn in a round of the loop. A client that sends more than a line is
 * answered, too: what follows is read and dropped, up to CONTROL_EXCESS_MAX bytes.
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
	bool open;			/* there is a socket */
	struct loop loop;		/* of all clients, within that */
	struct cex_machine *machine;
	struct state_writer *writer;		/* or NULL */
	TAILQ_HEAD(client_list, client) clients;	/* the oldest first */
	unsigned int count;
};

/*
 * A @path of NULL opens nothing. Returns 0, or -errno when the reason was logged.
 * The answer to a command that changes what is
 * saved waits until @writer has that, or could not have it, which it then tells.
 */
int control_open(struct control *control, struct loop *loop,
		 struct cex_machine *machine, struct state_writer *writer,
		 const char *path);
void control_close(struct control *control);

/* More was saved, or could not be: give the answers that have waited for it. */
void control_saved(struct control *control);

#endif /* DAEMON_CONTROL_H */
