/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A peer is the socket of a process that is not trusted, in the daemon's loop.
 *
 * No operation on it waits for anything that the process at the other end
 * decides. What that process sends may contain descriptors, and closing the
 * last descriptor of a file may take as long as it likes: consider a TCP socket
 * with SO_LINGER. Where the kernel has SO_PASSRIGHTS (Linux 6.16), the sender
 * of such a packet gets an error. Elsewhere a packet is inspected before it is
 * received, and a socket that may contain descriptors is closed by a thread
 * which does nothing else.
 *
 * Facts: unix(7), socket(7) (SO_LINGER).
 */
#ifndef DAEMON_PEER_H
#define DAEMON_PEER_H

#include <sys/types.h>

#include "loop.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS	83	/* the C library's headers may be older */
#endif

/* No connection is accepted while this many sockets are still being closed. */
#define PEER_CLOSING_MAX	64

struct peer {
	struct source source;
	struct loop *loop;
	bool may_pass;		/* it may receive descriptors */
};

/*
 * Make the kernel refuse descriptors that are sent to connections of the
 * listening socket @fd; where it cannot, start the thread that closes sockets.
 * Return 0, or -EAGAIN if the thread cannot be started.
 */
int peer_prepare(int fd);

/*
 * Take ownership of @fd, and call @ready in @loop when a packet can be
 * received. Return 0, or -errno after @fd has been closed.
 */
int peer_open(struct peer *peer, struct loop *loop, int fd,
	      void (*ready)(struct source *source));

/* Close the peer. The process at the other end sees that at once. */
void peer_close(struct peer *peer);

/* Close the descriptor of a socket from which nothing has been received. */
void peer_close_socket(int fd);

/* Return whether PEER_CLOSING_MAX sockets or more are still being closed. */
bool peer_closing_is_full(void);

/*
 * Move @peer to @loop, which waits for packets from then on. Return 0 or
 * -errno.
 */
int peer_move(struct peer *peer, struct loop *loop);

/* Wait for @events as loop_change() does. Return 0 or -errno. */
int peer_await(struct peer *peer, uint32_t events);

/*
 * Receive a packet, or the available part of a stream. Return its length, which
 * may exceed @room, or 0 at the end of the connection. Return -EAGAIN if
 * nothing is available; -EBADMSG if descriptors were sent, in which case only
 * peer_close() may follow; or another -errno.
 */
ssize_t peer_receive(struct peer *peer, void *bytes, size_t room);

/*
 * Send a packet, and the descriptor @fd with it unless that is negative. Return
 * 0, -EAGAIN if the process at the other end does not read what it was sent, or
 * another -errno.
 */
int peer_send(struct peer *peer, const void *bytes, size_t length, int fd);

#endif /* DAEMON_PEER_H */
