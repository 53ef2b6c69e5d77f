// SPDX-License-Identifier: GPL-2.0-only
/*
 * in-guest [-t SECONDS] NAME COMMAND...
 *
 * Runs a shell command in the running guest NAME, prints its output and exits
 * with its status, or with 125 if it could not be run.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "channel.h"
#include "report.h"

#define FAILED	125

static bool join(char *text, size_t size, char *const words[])
{
	size_t length = 0;

	for (; *words; words++) {
		int more = snprintf(text + length, size - length, "%s%s", length ? " " : "",
				    *words);

		if (more < 0 || (size_t)more >= size - length)
			return report("the command is longer than %zu bytes", size);
		length += more;
	}
	return true;
}

static bool send_request(struct channel *channel, const char *name, const char *seconds,
			 const char *command)
{
	char payload[FRAME_MAX];
	size_t length = 0;

	if (!field_put(payload, &length, "name", "%s", name) ||
	    !field_put(payload, &length, "seconds", "%s", seconds) ||
	    !field_put(payload, &length, "command", "%s", command))
		return report("the command is too long");
	frame_put(&channel->writer, FRAME_EXEC, payload, length);
	return frame_flush_all(&channel->writer, channel->fd) ||
	       report("the connection to the host of the LPAR broke");
}

/* Return the exit status, or -1 to continue. */
static int take_answer(const struct frame *frame)
{
	switch ((int)frame->type) {
	case FRAME_OUTPUT:
		fwrite(frame->payload, 1, frame->length, stdout);
		return -1;
	case FRAME_EXIT:
		return frame->length ? frame->payload[0] : FAILED;
	case FRAME_REFUSED:
		report("%.*s", (int)frame->length, (const char *)frame->payload);
		return FAILED;
	default:
		report("the host of the LPAR sent what is no answer");
		return FAILED;
	}
}

static int receive_answer(struct channel *channel)
{
	struct frame frame;
	int taken, status;

	do {
		while ((taken = frame_take(&channel->reader, &frame)) > 0) {
			status = take_answer(&frame);
			if (status >= 0)
				return status;
		}
	} while (!taken && frame_fill(&channel->reader, channel->fd) > 0);
	report("the connection to the host of the LPAR broke");
	return FAILED;
}

int main(int argc, char *argv[])
{
	static struct channel channel;
	const char *seconds = "60";
	char command[FRAME_MAX];
	int option;

	while ((option = getopt(argc, argv, "+t:")) == 't')
		seconds = optarg;
	if (option != -1 || argc - optind < 2) {
		fprintf(stderr, "usage: in-guest [-t SECONDS] NAME COMMAND...\n");
		return FAILED;
	}
	if (!join(command, sizeof(command), argv + optind + 1) || !channel_open(&channel) ||
	    !send_request(&channel, argv[optind], seconds, command))
		return FAILED;
	return receive_answer(&channel);
}
