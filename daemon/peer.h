/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket of a peer that nobody trusts, in the daemon's loop.
 *
 * Nothing that is done with it waits for anything that the peer decides. What it
 * sends may bring descriptors along, and to close the last one of a file may take
 * as long as the peer likes: think of a TCP socket with SO_LINGER. Where the
 * kernel has SO_PASSRIGHTS (Linux 6.16), such packets are refused to their
 * sender. Elsewhere a packet is looked at before it is taken, and what may have
 * descriptors in it is closed by a thread that does nothing else.
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

/* How many closes may be outstanding before no connection is taken any more. */
#define PEER_CLOSING_MAX	64

struct peer {
	struct source source;
	struct loop *loop;
	bool may_pass;		/* descriptors */
};

/*
 * Have the kernel refuse descriptors to whoever connects to the listening @fd,
 * or start the thread. Returns 0, or -EAGAIN when there can be no thread.
 */
int peer_prepare(int fd);

/*
 * Take over @fd and wait for packets, which are told to @ready. Returns 0 or
 * -errno; @fd is closed then.
 */
int peer_open(struct peer *peer, struct loop *loop, int fd,
	      void (*ready)(struct source *source));

/* Close it. The peer sees the end at once. */
void peer_close(struct peer *peer);

/* Close the descriptor of a socket that nothing was received from. */
void peer_close_socket(int fd);

/* Whether so many closes are outstanding that there should be no more. */
bool peer_closing_is_full(void);

/* Have @loop tell that it is ready, from now on. Returns 0 or -errno. */
int peer_move(struct peer *peer, struct loop *loop);

/* Wait for @events, see loop_change(). Returns 0 or -errno. */
int peer_await(struct peer *peer, uint32_t events);

/*
 * Receive a packet, or what there is of a stream. Returns how long it is, which
 * may be more than @room, or 0 at the end; -EAGAIN: there is nothing; -EBADMSG:
 * there are descriptors in it, and the peer is good for nothing but peer_close();
 * or another -errno.
 */
ssize_t peer_receive(struct peer *peer, void *bytes, size_t room);

/*
 * Send a packet, and with it the descriptor @fd, unless that is negative.
 * Returns 0 or -errno; -EAGAIN: the peer does not read what it was sent.
 */
int peer_send(struct peer *peer, const void *bytes, size_t length, int fd);

#endif /* DAEMON_PEER_H */
