// SPDX-License-Identifier: GPL-2.0-only
/*
 * guestd CONFIG
 *
 * The host's end of the channel that PROTOCOL describes. The LPAR's QEMU
 * starts it for each connection, which is stdin and stdout.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "channel.h"
#include "config.h"
#include "guest.h"
#include "home.h"
#include "log.h"
#include "monitor.h"
#include "request.h"
#include "rescan.h"
#include "session.h"
#include "slot.h"

/* Time limits for the LPAR where others wait for it */
#define FIRST_FRAME_MS	10000
#define SEND_MS		10000

static struct log log;

static void print_to_log(const char *line)
{
	log_write(&log, line, strlen(line));
}

static void send_frame(struct channel *channel, enum frame_type type, const void *payload,
		       size_t length)
{
	if (!channel_send(channel, type, payload, length, SEND_MS))
		g_printerr("guestd: the connection broke: %s\n", g_strerror(errno));
}

static void refuse(struct channel *channel, const char *reason)
{
	send_frame(channel, FRAME_REFUSED, reason, strlen(reason));
}

static bool open_console(struct log *console, const struct config *config, const char *name,
			 char *reason)
{
	g_autofree char *path = home_file(config->run, name, "console.log");

	if (log_open(console, path, config->log))
		return true;
	g_snprintf(reason, REQUEST_REASON, "%s: %s", path, g_strerror(errno));
	return false;
}

static void run_in_home(struct channel *channel, const struct config *config,
			const struct home *home, const struct start *start,
			struct command *command)
{
	struct monitor *monitor = monitor_new(command->monitor, start);
	g_autofree char *name = g_strdup(start->name);
	char reason[REQUEST_REASON] = "";
	struct rescan rescan;
	struct log console;
	struct guest guest;

	command->monitor = -1;
	rescan_init(&rescan, config->run, name);
	if (open_console(&console, config, name, reason) &&
	    guest_spawn(&guest, home->path, command, reason))
		session_run(channel, &guest, &console, &rescan, monitor);
	else
		refuse(channel, reason);
	log_close(&console);
	monitor_free(monitor);
}

/*
 * Run a guest. @frame, and the strings of @start in it, are invalid when the
 * session begins.
 */
static void run_guest(struct channel *channel, const struct config *config,
		      const struct frame *frame)
{
	char reason[REQUEST_REASON] = "";
	struct command command;
	struct start start;
	struct home home;

	if (!request_start(&start, frame, reason))
		return refuse(channel, reason);
	if (command_make(&command, config, &start, reason) &&
	    home_open(&home, config, start.name, reason)) {
		run_in_home(channel, config, &home, &start, &command);
		home_close(&home);
	} else {
		refuse(channel, reason);
	}
	command_free(&command);
}

/* Run a probe, which has neither a console nor anything to store. */
static void run_probe(struct channel *channel, const struct config *config,
		      const struct frame *frame)
{
	bool is_tcg = frame->length == 3 && !memcmp(frame->payload, "tcg", 3);
	char reason[REQUEST_REASON] = "";
	struct log console = { .fd = -1 };
	struct monitor *monitor;
	struct command command;
	struct rescan rescan;
	struct guest guest;

	rescan_init(&rescan, config->run, "");
	if (command_make_probe(&command, config, reason) &&
	    guest_spawn(&guest, "/", &command, reason)) {
		monitor = monitor_new(command.monitor, NULL);
		if (is_tcg)
			monitor_lacks_kvm(monitor);
		command.monitor = -1;
		session_run(channel, &guest, &console, &rescan, monitor);
		monitor_free(monitor);
	} else {
		refuse(channel, reason);
	}
	command_free(&command);
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

/*
 * Open the log and redirect stderr to it, which is the connection, too, until
 * then.
 */
static bool open_log(const struct config *config, char *reason)
{
	g_autofree char *path = g_build_filename(config->run, "guestd.log", NULL);

	if (log_open(&log, path, config->log) && dup2(log.fd, STDERR_FILENO) >= 0) {
		g_set_printerr_handler(print_to_log);
		return true;
	}
	g_snprintf(reason, REQUEST_REASON, "%s: %s", path, g_strerror(errno));
	return false;
}

/* Take a place, which this process holds until it ends. */
static bool take_place(const struct config *config, char *reason)
{
	if (slot_take(config->run, "connections", config->connections) >= 0)
		return true;
	if (errno == EBUSY)
		g_snprintf(reason, REQUEST_REASON, "%" G_GUINT64_FORMAT " guests and commands "
			   "of this LPAR are running, which is the limit; end one first",
			   config->connections);
	else
		g_snprintf(reason, REQUEST_REASON, "%s/connections: %s", config->run,
			   g_strerror(errno));
	return false;
}

static void serve(struct channel *channel, const struct config *config)
{
	struct frame frame;

	if (!channel_receive(channel, &frame, FIRST_FRAME_MS))
		return;
	if (frame.type == FRAME_START)
		run_guest(channel, config, &frame);
	else if (frame.type == FRAME_EXEC)
		run_command(channel, config, &frame);
	else if (frame.type == FRAME_PROBE)
		run_probe(channel, config, &frame);
	else
		refuse(channel, "a connection begins with START, EXEC or PROBE");
}

int main(int argc, char *argv[])
{
	static struct channel channel;
	char reason[REQUEST_REASON] = "";
	struct config config = { 0 };
	bool ready;

	if (argc != 2) {
		fprintf(stderr, "usage: guestd CONFIG (QEMU starts it, see PROTOCOL)\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	channel_open(&channel, STDIN_FILENO, STDOUT_FILENO);
	ready = config_read(&config, argv[1], reason, sizeof(reason)) &&
		open_log(&config, reason) && take_place(&config, reason);
	if (ready)
		serve(&channel, &config);
	else
		refuse(&channel, reason);
	config_free(&config);
	return !ready;
}
