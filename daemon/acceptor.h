/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes the connections of a listener in swcexd's loop.
 *
 * When there is no descriptor or no memory for one more, or peers' sockets take
 * long to close, it rests before it tries again; who connects waits meanwhile.
 * Whoever holds all the descriptors does not keep the loop busy.
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
 * every connection, which it owns; it is that of a peer, see peer.h. @path has to
 * outlive the acceptor. Returns 0, or -errno: the reason was logged, and there is
 * nothing to close.
 */
int acceptor_open(struct acceptor *acceptor, struct loop *loop,
		  const char *path, int type,
		  void (*accepted)(struct acceptor *acceptor, int fd));
void acceptor_close(struct acceptor *acceptor);

#endif /* DAEMON_ACCEPTOR_H */
