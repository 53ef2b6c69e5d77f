// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "log.h"
#include "loop.h"

bool loop_open(struct loop *loop)
{
	*loop = (struct loop){ .epoll = epoll_create1(EPOLL_CLOEXEC) };
	if (loop->epoll < 0)
		log_line(LOG_ERROR, "epoll: %s", strerror(errno));
	return loop->epoll >= 0;
}

void loop_close(struct loop *loop)
{
	if (loop->epoll >= 0)
		close(loop->epoll);
}

static bool control(struct loop *loop, int op, struct source *source,
		    uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	if (!epoll_ctl(loop->epoll, op, source->fd, &event))
		return true;
	log_line(LOG_ERROR, "epoll: %s", strerror(errno));
	return false;
}

bool loop_add(struct loop *loop, struct source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_ADD, source, events);
}

bool loop_change(struct loop *loop, struct source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_MOD, source, events);
}

bool loop_run(struct loop *loop)
{
	while (!loop->stopping) {
		struct epoll_event event;
		int count = epoll_wait(loop->epoll, &event, 1, -1);

		if (count < 0 && errno != EINTR) {
			log_line(LOG_ERROR, "epoll: %s", strerror(errno));
			return false;
		}
		if (count == 1) {
			struct source *source = event.data.ptr;

			source->ready(source);
		}
	}
	return true;
}

void loop_stop(struct loop *loop)
{
	loop->stopping = true;
}
