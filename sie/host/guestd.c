// SPDX-License-Identifier: GPL-2.0-only
/*
 * guestd CONFIG
 *
 * The host's end of the channel that PROTOCOL describes. The LPAR's QEMU
 * starts it for each connection, which is stdin and stdout.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "config.h"
#include "guest.h"
#include "request.h"
#include "session.h"

/* The only blocking part: until the first frame is there, there is nothing else. */
static bool receive_first(struct channel *channel, struct frame *frame)
{
	int taken;

	while (!(taken = frame_take(&channel->reader, frame))) {
		if (frame_fill(&channel->reader, channel->in) <= 0)
			return false;
	}
	return taken > 0;
}

static void send_frame(struct channel *channel, enum frame_type type, const void *payload,
		       size_t length)
{
	frame_put(&channel->writer, type, payload, length);
	if (!frame_flush_all(&channel->writer, channel->out))
		g_printerr("guestd: the connection broke: %s\n", g_strerror(errno));
}

static void refuse(struct channel *channel, const char *reason)
{
	send_frame(channel, FRAME_REFUSED, reason, strlen(reason));
}

static void make_nonblocking(const struct channel *channel)
{
	fcntl(channel->in, F_SETFL, O_NONBLOCK);
	fcntl(channel->out, F_SETFL, O_NONBLOCK);
}

static void run_guest(struct channel *channel, const struct config *config,
		      const struct frame *frame)
{
	char reason[REQUEST_REASON] = "";
	g_auto(GStrv) arguments = NULL;
	struct start start;
	struct guest guest;
	int folder;

	if (request_start(&start, frame, reason))
		arguments = guest_arguments(config, &start, reason);
	if (!arguments)
		return refuse(channel, reason);
	folder = agent_create(config->run, start.name, reason);
	if (folder < 0)
		return refuse(channel, reason);
	g_autofree char *name = g_strdup(start.name);

	if (guest_spawn(&guest, config, arguments, reason)) {
		make_nonblocking(channel);
		session_run(channel, &guest, config->run, name);
	} else {
		refuse(channel, reason);
	}
	agent_remove(config->run, name, folder);
}

static void run_command(struct channel *channel, const struct config *config,
			const struct frame *frame)
{
	g_autoptr(GByteArray) output = g_byte_array_new();
	char reason[REQUEST_REASON] = "";
	struct exec exec;
	int status = -1;
	uint8_t byte;

	if (request_exec(&exec, frame, reason))
		status = agent_exec(config->run, &exec, channel->in, output, reason);
	if (status < 0)
		return refuse(channel, reason);
	for (size_t sent = 0; sent < output->len; sent += FRAME_MAX)
		send_frame(channel, FRAME_OUTPUT, output->data + sent,
			   MIN(output->len - sent, FRAME_MAX));
	byte = status;
	send_frame(channel, FRAME_EXIT, &byte, 1);
}

/* stderr is the connection, too, until it is turned to a file. */
static bool open_log(const struct config *config, char *reason)
{
	g_autofree char *path = g_strdup_printf("%s/guestd.log", config->run);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd >= 0 && dup2(fd, STDERR_FILENO) >= 0)
		return true;
	g_snprintf(reason, REQUEST_REASON, "%s: %s", path, g_strerror(errno));
	return false;
}

static void serve(struct channel *channel, const struct config *config)
{
	struct frame frame;

	if (!receive_first(channel, &frame))
		return;
	if (frame.type == FRAME_START)
		run_guest(channel, config, &frame);
	else if (frame.type == FRAME_EXEC)
		run_command(channel, config, &frame);
	else
		refuse(channel, "a connection begins with START or EXEC");
}

int main(int argc, char *argv[])
{
	static struct channel channel = { .in = STDIN_FILENO, .out = STDOUT_FILENO };
	char reason[REQUEST_REASON] = "";
	struct config config = { 0 };
	bool ready;

	if (argc != 2) {
		fprintf(stderr, "usage: guestd CONFIG (QEMU starts it, see PROTOCOL)\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	ready = config_read(&config, argv[1], reason, sizeof(reason)) &&
		open_log(&config, reason);
	if (ready)
		serve(&channel, &config);
	else
		refuse(&channel, reason);
	config_free(&config);
	return !ready;
}
