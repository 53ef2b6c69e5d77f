// SPDX-License-Identifier: GPL-2.0-only
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>

void channel_open(struct channel *channel, int in, int out)
{
	channel->in = in;
	channel->out = out;
	fcntl(in, F_SETFL, O_NONBLOCK);
	fcntl(out, F_SETFL, O_NONBLOCK);
}

static gint64 deadline_in(int ms)
{
	return g_get_monotonic_time() + ms * (gint64)1000;
}

static bool wait_for(int fd, short events, gint64 deadline)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	gint64 left = (deadline - g_get_monotonic_time()) / 1000;

	if (left > 0 && poll(&pollfd, 1, left) != 0)
		return true;
	errno = ETIMEDOUT;
	return false;
}

/*
 * Read once, if there is something to read. Return false if there will be
 * nothing more.
 */
static bool fill(struct channel *channel)
{
	ssize_t length = frame_fill(&channel->reader, channel->in);

	if (!length)
		errno = ECONNRESET;
	return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

bool channel_receive(struct channel *channel, struct frame *frame, int ms)
{
	gint64 deadline = deadline_in(ms);
	int taken;

	while (!(taken = frame_take(&channel->reader, frame))) {
		if (!wait_for(channel->in, POLLIN, deadline) || !fill(channel))
			return false;
	}
	return taken > 0;
}

bool channel_send(struct channel *channel, enum frame_type type, const void *payload,
		  size_t length, int ms)
{
	gint64 deadline = deadline_in(ms);

	frame_put(&channel->writer, type, payload, length);
	while (!frame_is_flushed(&channel->writer)) {
		if (!wait_for(channel->out, POLLOUT, deadline) ||
		    !frame_flush(&channel->writer, channel->out))
			return false;
	}
	return true;
}
