// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

/* There are fewer sockets than this at a time, so there is always room. */
#define CLOSING_ROOM	4096

/* A ring of descriptors that the thread closes in this order. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool started;
	unsigned int first, count;
	int fds[CLOSING_ROOM];
} closing = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.change = PTHREAD_COND_INITIALIZER,
};

/*
 * A descriptor counts until it is closed, so that the count says how far behind
 * the thread is.
 */
static void *close_all(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&closing.lock);
	for (;;) {
		int fd;

		while (!closing.count)
			pthread_cond_wait(&closing.change, &closing.lock);
		fd = closing.fds[closing.first];
		pthread_mutex_unlock(&closing.lock);
		close(fd);
		pthread_mutex_lock(&closing.lock);
		closing.first = (closing.first + 1) % CLOSING_ROOM;
		closing.count--;
	}
	return NULL;
}

/*
 * The thread lives as long as the process, which exits without waiting for it.
 */
static int start_thread(void)
{
	pthread_t thread;
	int error = 0;

	pthread_mutex_lock(&closing.lock);
	if (!closing.started)
		error = pthread_create(&thread, NULL, close_all, NULL);
	if (!closing.started && !error) {
		pthread_detach(thread);
		closing.started = true;
	}
	pthread_mutex_unlock(&closing.lock);
	return -error;
}

static void close_later(int fd)
{
	shutdown(fd, SHUT_RDWR);
	pthread_mutex_lock(&closing.lock);
	closing.fds[(closing.first + closing.count++) % CLOSING_ROOM] = fd;
	pthread_cond_signal(&closing.change);
	pthread_mutex_unlock(&closing.lock);
}

bool peer_closing_is_full(void)
{
	bool full;

	pthread_mutex_lock(&closing.lock);
	full = closing.count >= PEER_CLOSING_MAX;
	pthread_mutex_unlock(&closing.lock);
	return full;
}

int peer_prepare(int fd)
{
	const int no = 0;

	if (!setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &no, sizeof(no)))
		return 0;
	return start_thread();
}

/* A socket inherits the option from the listening socket that accepted it. */
static bool may_pass(int fd)
{
	int passes = 1;
	socklen_t length = sizeof(passes);

	return getsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &passes, &length) ||
	       passes;
}

void peer_close_socket(int fd)
{
	if (may_pass(fd) && !start_thread())
		close_later(fd);
	else
		close(fd);
}

int peer_open(struct peer *peer, struct loop *loop, int fd,
	      void (*ready)(struct source *source))
{
	int error;

	*peer = (struct peer){
		.source = { fd, ready },
		.loop = loop,
		.may_pass = may_pass(fd),
	};
	error = loop_add(loop, &peer->source, EPOLLIN);
	if (error)
		peer_close_socket(fd);
	return error;
}

void peer_close(struct peer *peer)
{
	loop_remove(peer->loop, &peer->source);
	if (peer->may_pass)
		peer_close_socket(peer->source.fd);
	else
		close(peer->source.fd);
}

int peer_move(struct peer *peer, struct loop *loop)
{
	int error;

	loop_remove(peer->loop, &peer->source);
	error = loop_add(loop, &peer->source, EPOLLIN);
	if (!error)
		peer->loop = loop;
	return error;
}

int peer_await(struct peer *peer, uint32_t events)
{
	return loop_change(peer->loop, &peer->source, events);
}

/*
 * Return how much may be received, up to @room, without a descriptor in it, or
 * -EBADMSG. A packet that is peeked at stays in the socket, so that no file is
 * closed by that.
 */
static ssize_t look_ahead(int fd, void *bytes, size_t room)
{
	struct iovec part = { bytes, room };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t length = recvmsg(fd, &packet, MSG_DONTWAIT | MSG_PEEK);

	if (length < 0)
		return -errno;
	return packet.msg_flags & MSG_CTRUNC ? -EBADMSG : length;
}

ssize_t peer_receive(struct peer *peer, void *bytes, size_t room)
{
	ssize_t length;

	if (peer->may_pass) {
		length = look_ahead(peer->source.fd, bytes, room);
		if (length <= 0)
			return length;
		room = length;
	}
	length = recv(peer->source.fd, bytes, room, MSG_DONTWAIT | MSG_TRUNC);
	if (length >= 0)
		return length;
	return errno == EINTR ? -EAGAIN : -errno;
}

int peer_send(struct peer *peer, const void *bytes, size_t length, int fd)
{
	struct iovec part = { (void *)bytes, length };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = {
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(int)),
	} };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		packet.msg_control = &control;
		packet.msg_controllen = sizeof(control);
	}
	if (sendmsg(peer->source.fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	    (ssize_t)length)
		return 0;
	return -errno;
}
