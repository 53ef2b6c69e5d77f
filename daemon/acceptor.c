// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "acceptor.h"
#include "log.h"
#include "peer.h"

static void pause_accepting(struct acceptor *acceptor, int reason)
{
	const struct itimerspec end = {
		.it_value.tv_nsec = ACCEPTOR_REST_MS * 1000000L,
	};

	if (!acceptor->starved)
		log_line(LOG_WARNING, "%s: connections have to wait: %s",
			 acceptor->listener.path, strerror(reason));
	acceptor->starved = true;
	if (!timerfd_settime(acceptor->rest.fd, 0, &end, NULL))
		loop_change(acceptor->loop, &acceptor->source, 0);
}

static void pause_ended(struct source *source)
{
	struct acceptor *acceptor = container_of(source, struct acceptor, rest);
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		loop_change(acceptor->loop, &acceptor->source, EPOLLIN);
}

static bool is_short_of_something(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

static void acceptor_ready(struct source *source)
{
	struct acceptor *acceptor =
		container_of(source, struct acceptor, source);
	int fd;

	if (peer_closing_is_full()) {
		pause_accepting(acceptor, EBUSY);
		return;
	}
	fd = accept(source->fd, NULL, NULL);
	if (fd >= 0) {
		acceptor->starved = false;
		acceptor->accepted(acceptor, fd);
	} else if (is_short_of_something(errno)) {
		pause_accepting(acceptor, errno);
	}
}

static int rest_open(struct acceptor *acceptor)
{
	struct source *timer = &acceptor->rest;
	int error;

	timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	timer->ready = pause_ended;
	if (timer->fd >= 0)
		return loop_add(acceptor->loop, timer, EPOLLIN);
	error = errno;
	log_line(LOG_ERROR, "timerfd: %s", strerror(error));
	return -error;
}

int acceptor_open(struct acceptor *acceptor, struct loop *loop,
		  const char *path, int type,
		  void (*accepted)(struct acceptor *acceptor, int fd))
{
	int error;

	*acceptor = (struct acceptor){
		.source.ready = acceptor_ready,
		.rest.fd = -1,
		.loop = loop,
		.accepted = accepted,
	};
	error = listener_open(&acceptor->listener, path, type);
	if (error)
		return error;
	acceptor->source.fd = acceptor->listener.fd;
	error = rest_open(acceptor);
	if (!error)
		error = loop_add(loop, &acceptor->source, EPOLLIN);
	if (error)
		acceptor_close(acceptor);
	return error;
}

void acceptor_close(struct acceptor *acceptor)
{
	if (acceptor->rest.fd >= 0)
		close(acceptor->rest.fd);
	listener_close(&acceptor->listener);
}
