/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An acceptor accepts the connections of a listener in swcexd's loop.
 *
 * When there is no descriptor or no memory for another connection, or when too
 * many sockets of peers are still being closed, the acceptor pauses before it
 * tries again. Clients that connect wait meanwhile. A client that uses up all
 * descriptors therefore does not keep the loop busy.
 */
#ifndef DAEMON_ACCEPTOR_H
#define DAEMON_ACCEPTOR_H

#include "listener.h"
#include "loop.h"

#define ACCEPTOR_REST_MS	100

struct acceptor {
	struct source source;
	struct source rest;		/* timer that ends a pause */
	struct listener listener;
	struct loop *loop;
	void (*accepted)(struct acceptor *acceptor, int fd);
	bool starved;			/* a pause has been logged */
};

/*
 * Listen at @path with a socket of @type, and call @accepted in the loop with
 * the descriptor of each connection. The callee owns that descriptor, which is
 * the socket of a peer (see peer.h). @path must outlive the acceptor. Return 0,
 * or -errno after the reason has been logged; the acceptor is closed then.
 */
int acceptor_open(struct acceptor *acceptor, struct loop *loop,
		  const char *path, int type,
		  void (*accepted)(struct acceptor *acceptor, int fd));
void acceptor_close(struct acceptor *acceptor);

#endif /* DAEMON_ACCEPTOR_H */
