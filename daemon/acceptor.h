/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes the connections of a listener in swcexd's loop.
 *
 * When there is no descriptor or no memory for one more, it rests before it tries
 * again; who connects waits meanwhile. Whoever holds all the descriptors does not
 * keep the loop busy.
 */
#ifndef DAEMON_ACCEPTOR_H
#define DAEMON_ACCEPTOR_H

#include "listener.h"
#include "loop.h"

#define ACCEPTOR_REST_MS	100

struct acceptor {
	struct source source;
	struct source rest;		/* a timer */
	struct listener listener;
	struct loop *loop;
	void (*accepted)(struct acceptor *acceptor, int fd);
	bool starved;			/* and this was logged */
};

/*
 * Open @path with a socket of @type, and have @accepted called in the loop with
 * every connection, which it owns. @path has to outlive the acceptor. False: the
 * reason was logged, and there is nothing to close.
 */
bool acceptor_open(struct acceptor *acceptor, struct loop *loop,
		   const char *path, int type,
		   void (*accepted)(struct acceptor *acceptor, int fd));
void acceptor_close(struct acceptor *acceptor);

#endif /* DAEMON_ACCEPTOR_H */
