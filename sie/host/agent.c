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

/*
 * Ends a line that the guest has been reset in. Its agent does not know the
 * requests from before any more, and may have sent a part of a reply.
 */
#define CANCEL	"\x18"

/* One conversation with an agent */
struct talk {
	int connection;		/* peer that made the request */
	int in, out, lock;	/* agent.in, agent.out, agent.lock */
	gint64 deadline;	/* monotonic, microseconds */
	GString *received;
	bool reset;		/* the guest was, and the request is lost */
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

/*
 * Drop what answers, or cancels, requests of peers that have disconnected.
 */
static void forget_others(struct talk *talk)
{
	char buffer[4096];

	while (read(talk->out, buffer, sizeof(buffer)) > 0)
		;
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

/* Return the next line that is here, or NULL. */
static char *take_line(struct talk *talk)
{
	const char *end = memchr(talk->received->str, '\n', talk->received->len);
	char *line;

	if (!end)
		return NULL;
	line = g_strndup(talk->received->str, end - talk->received->str);
	g_string_erase(talk->received, 0, end + 1 - talk->received->str);
	return line;
}

/* Wait for more bytes. Return false if there will be none. */
static bool receive(struct talk *talk)
{
	char buffer[4096];
	ssize_t length;

	if (talk->received->len >= REPLY_MAX || !wait_for(talk, talk->out, POLLIN, G_MAXINT))
		return false;
	length = read(talk->out, buffer, sizeof(buffer));
	if (length > 0)
		g_string_append_len(talk->received, buffer, length);
	return length > 0 || (length < 0 && errno == EAGAIN);
}

/*
 * Wait for a line that starts with @id, or for the end of the guest's boot.
 * Other lines answer a peer that has disconnected.
 */
static char *receive_line(struct talk *talk, const char *id)
{
	do {
		g_autofree char *line = NULL;

		while ((line = take_line(talk))) {
			talk->reset = g_str_has_suffix(line, CANCEL);
			if (talk->reset)
				return NULL;
			if (g_str_has_prefix(line, id))
				return g_steal_pointer(&line);
			g_clear_pointer(&line, g_free);
		}
	} while (receive(talk));
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

	if (!take_lock(talk))
		return -1;
	forget_others(talk);
	if (!send_line(talk, request))
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
		g_snprintf(reason, REQUEST_REASON, talk.reset ?
			   "guest %s was reset before its agent answered" :
			   "no answer from the agent of guest %s", exec->name);
	close_talk(&talk);
	return status;
}

/* If nobody reads and the FIFO is full, nobody waits either. */
void agent_cancel(const char *run, const char *name)
{
	int out = open_file(run, name, "agent.out", O_WRONLY);

	if (out < 0)
		return;
	if (write(out, CANCEL "\n", strlen(CANCEL "\n")) < 0 && errno != EAGAIN)
		g_printerr("guestd: agent.out of guest %s: %s\n", name, g_strerror(errno));
	close(out);
}
