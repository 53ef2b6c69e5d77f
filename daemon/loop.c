// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "log.h"
#include "loop.h"

static int failed(void)
{
	int error = errno;

	log_line(LOG_ERROR, "epoll: %s", strerror(error));
	return -error;
}

/*
 * Serve one event. Wait for it for at most @timeout milliseconds, or without
 * limit if that is -1.
 */
static int serve_one(struct loop *loop, int timeout)
{
	struct epoll_event event;
	int count = epoll_wait(loop->source.fd, &event, 1, timeout);

	if (count < 0 && errno != EINTR)
		return failed();
	if (count == 1) {
		struct source *source = event.data.ptr;

		source->ready(source);
	}
	return 0;
}

static void inner_ready(struct source *source)
{
	serve_one(container_of(source, struct loop, source), 0);
}

int loop_open(struct loop *loop)
{
	*loop = (struct loop){
		.source = { epoll_create1(EPOLL_CLOEXEC), inner_ready },
	};
	return loop->source.fd < 0 ? failed() : 0;
}

int loop_open_within(struct loop *loop, struct loop *outer)
{
	int error = loop_open(loop);

	if (!error)
		error = loop_add(outer, &loop->source, EPOLLIN);
	if (error)
		loop_close(loop);
	return error;
}

void loop_close(struct loop *loop)
{
	if (loop->source.fd >= 0)
		close(loop->source.fd);
	loop->source.fd = -1;
}

static int control(struct loop *loop, int op, struct source *source,
		   uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(loop->source.fd, op, source->fd, &event) ? failed() : 0;
}

int loop_add(struct loop *loop, struct source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_ADD, source, events);
}

int loop_change(struct loop *loop, struct source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_MOD, source, events);
}

void loop_remove(struct loop *loop, struct source *source)
{
	epoll_ctl(loop->source.fd, EPOLL_CTL_DEL, source->fd, NULL);
}

int loop_run(struct loop *loop)
{
	int error = 0;

	while (!loop->stopping && !error)
		error = serve_one(loop, -1);
	return error;
}

void loop_stop(struct loop *loop)
{
	loop->stopping = true;
}
