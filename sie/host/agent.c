// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "home.h"

/* Time for a guest to boot, before the time of the command begins */
#define BOOT_SECONDS	60

/* An answer longer than this is not from the agent. */
#define REPLY_MAX	(16 << 20)

/* One conversation with an agent */
struct talk {
	int connection;		/* peer that made the request */
	int in, out, lock;	/* agent.in, agent.out, agent.lock */
	gint64 deadline;	/* monotonic, microseconds */
	GString *received;
};

static int open_file(const char *run, const char *name, const char *file, int flags)
{
	g_autofree char *path = home_file(run, name, file);

	return open(path, flags | O_NONBLOCK | O_CLOEXEC, 0600);
}

/*
 * A FIFO that QEMU has open can be opened for writing. If it cannot, no guest
 * of this name is running.
 */
static bool open_talk(struct talk *talk, const char *run, const char *name)
{
	talk->received = g_string_new(NULL);
	talk->in = open_file(run, name, "agent.in", O_WRONLY);
	if (talk->in < 0)
		return false;
	talk->out = open_file(run, name, "agent.out", O_RDONLY);
	talk->lock = open_file(run, name, "agent.lock", O_WRONLY | O_CREAT);
	return talk->lock >= 0 && talk->out >= 0;
}

static void close_talk(struct talk *talk)
{
	const int fds[] = { talk->in, talk->out, talk->lock };

	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	g_string_free(talk->received, TRUE);
}

/*
 * Wait for @events of @fd. Return false if the time is over, or if the peer has
 * disconnected.
 */
static bool wait_for(struct talk *talk, int fd, short events, int most_ms)
{
	struct pollfd fds[] = {
		{ .fd = talk->connection, .events = POLLRDHUP },
		{ .fd = fd, .events = events },
	};
	gint64 left = (talk->deadline - g_get_monotonic_time()) / 1000;

	if (left <= 0 || poll(fds, G_N_ELEMENTS(fds), MIN(left, most_ms)) < 0)
		return false;
	return !fds[0].revents;
}

/*
 * Lock the port, because others may be talking to the agent. A lock cannot be
 * polled.
 */
static bool take_lock(struct talk *talk)
{
	while (flock(talk->lock, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK || !wait_for(talk, -1, 0, 50))
			return false;
	}
	return true;
}

static bool send_line(struct talk *talk, const char *line)
{
	size_t left = strlen(line);
	ssize_t length;

	while (left) {
		length = write(talk->in, line, left);
		if (length < 0 && errno != EAGAIN)
			return false;
		if (length < 0 && !wait_for(talk, talk->in, POLLOUT, G_MAXINT))
			return false;
		if (length > 0) {
			line += length;
			left -= length;
		}
	}
	return true;
}

/*
 * Wait for a line that starts with @id. Other lines answer a peer that has
 * disconnected.
 */
static char *receive_line(struct talk *talk, const char *id)
{
	char buffer[4096];
	ssize_t length;
	char *end;

	while (talk->received->len < REPLY_MAX) {
		end = strchr(talk->received->str, '\n');
		if (end) {
			g_autofree char *line = g_strndup(talk->received->str,
							  end - talk->received->str);

			g_string_erase(talk->received, 0, strlen(line) + 1);
			if (g_str_has_prefix(line, id))
				return g_steal_pointer(&line);
			continue;
		}
		if (!wait_for(talk, talk->out, POLLIN, G_MAXINT))
			return NULL;
		length = read(talk->out, buffer, sizeof(buffer));
		if (length == 0 || (length < 0 && errno != EAGAIN))
			return NULL;
		if (length > 0)
			g_string_append_len(talk->received, buffer, length);
	}
	return NULL;
}

/*
 * Read "ID STATUS OUTPUT". Return the status, or -1 if the line has another
 * form.
 */
static int read_reply(const char *line, GByteArray *output)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 3);
	g_autofree guchar *bytes = NULL;
	guint64 status;
	gsize length;

	if (g_strv_length(words) < 2 ||
	    !g_ascii_string_to_unsigned(words[1], 10, 0, 255, &status, NULL))
		return -1;
	if (words[2]) {
		bytes = g_base64_decode(words[2], &length);
		g_byte_array_append(output, bytes, length);
	}
	return status;
}

static int converse(struct talk *talk, const struct exec *exec, GByteArray *output)
{
	g_autofree char *id = g_strdup_printf("%d.%" G_GINT64_FORMAT " ", (int)getpid(),
					      g_get_monotonic_time());
	g_autofree char *command = g_base64_encode((const guchar *)exec->command,
						   strlen(exec->command));
	g_autofree char *request = g_strdup_printf("%s%" G_GUINT64_FORMAT " %s\n", id,
						   exec->seconds, command);
	g_autofree char *reply = NULL;

	if (!take_lock(talk) || !send_line(talk, request))
		return -1;
	reply = receive_line(talk, id);
	return reply ? read_reply(reply, output) : -1;
}

int agent_exec(const char *run, const struct exec *exec, int connection,
	       GByteArray *output, char *reason)
{
	struct talk talk = {
		.connection = connection,
		.in = -1, .out = -1, .lock = -1,
		.deadline = g_get_monotonic_time() +
			    (BOOT_SECONDS + (gint64)exec->seconds) * G_USEC_PER_SEC,
	};
	int status = -1;

	if (!open_talk(&talk, run, exec->name))
		g_snprintf(reason, REQUEST_REASON, "no guest named %s is running", exec->name);
	else if ((status = converse(&talk, exec, output)) < 0)
		g_snprintf(reason, REQUEST_REASON, "no answer from the agent of guest %s",
			   exec->name);
	close_talk(&talk);
	return status;
}
