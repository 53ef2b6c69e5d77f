// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "run/protocol.h"
#include "supervisor.h"

int control_port = -1;

static struct frame_reader reader;
static struct frame_writer writer;

void control_open(void)
{
	control_port = port_open(RUN_CONTROL);
}

static void await(short events)
{
	struct pollfd port = { .fd = control_port, .events = events };

	poll(&port, 1, -1);
}

/*
 * Read frames. If the port is closed, errors cannot be reported, so the VM is
 * powered off; the host ends it in that case.
 */
void control_fill(void)
{
	if (!frame_fill(&reader, control_port))
		power_off();
}

int control_next(struct frame *frame)
{
	int there = frame_take(&reader, frame);

	if (there < 0) {
		control_port = -1;
		fail(125, "the host says what is not a frame");
	}
	return there;
}

void control_take(struct frame *frame)
{
	while (!control_next(frame)) {
		await(POLLIN);
		control_fill();
	}
}

void control_send(uint8_t type, const void *payload, size_t length)
{
	frame_put(&writer, type, payload, length);
	while (!frame_is_flushed(&writer)) {
		if (!frame_flush(&writer, control_port))
			power_off();
		if (!frame_is_flushed(&writer))
			await(POLLOUT);
	}
}
