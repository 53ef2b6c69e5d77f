// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes from the LPAR to guestd, in pieces whose length the first byte says,
 * and what the requests in them ask for.
 *
 * runs: 10000
 */
#include <sys/socket.h>
#include <unistd.h>

#include "sie/frame.h"
#include "sie/host/request.h"
#include "fuzz.h"

static void judge_start(const struct frame *frame)
{
	char reason[REQUEST_REASON] = "";
	struct start start;

	if (!request_start(&start, frame, reason)) {
		promised(*reason);
		return;
	}
	promised(start.name && start.kernel && start.drives <= REQUEST_DRIVES);
	for (unsigned int i = 0; i < start.drives; i++)
		promised(!strstr(start.drive[i], ".."));
	promised(!strstr(start.kernel, ".."));
}

static void judge_exec(const struct frame *frame)
{
	char reason[REQUEST_REASON] = "";
	struct exec exec;

	if (request_exec(&exec, frame, reason))
		promised(exec.name && exec.command);
	else
		promised(*reason);
}

static void judge_fields(const struct frame *frame)
{
	const char *name, *value;
	struct fields fields;
	size_t length;

	fields_of(&fields, frame);
	while (field_next(&fields, &name, &length, &value) == 1)
		promised(length <= frame->length &&
			 strlen(value) <= frame->length);
}

/* Return whether the peer has followed the protocol. */
static bool take_all(struct frame_reader *reader)
{
	struct frame frame;
	int taken;

	while ((taken = frame_take(reader, &frame)) == 1) {
		promised(frame.length <= FRAME_MAX);
		judge_fields(&frame);
		judge_start(&frame);
		judge_exec(&frame);
	}
	return !taken;
}

static void receive(int in, int out, const uint8_t *data, size_t size,
		    size_t piece)
{
	struct frame_reader *reader = calloc(1, sizeof(*reader));

	promised(reader);
	while (size) {
		size_t length = piece < size ? piece : size;

		promised(write(in, data, length) == (ssize_t)length);
		promised(frame_fill(reader, out) == (ssize_t)length);
		if (!take_all(reader))
			break;
		data += length;
		size -= length;
	}
	free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fds[2];

	if (!size)
		return 0;
	promised(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	receive(fds[0], fds[1], data + 1, size - 1, 1 + 16 * data[0]);
	close(fds[0]);
	close(fds[1]);
	return 0;
}
