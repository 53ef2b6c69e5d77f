// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/control.h"
#include "daemon/listener.h"
#include "ask.h"

static const char ok[] = "ok\n";
static const char error[] = "error: ";

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Wait until @fd is ready for @events. Return 0 or -errno. */
static int await(int fd, short events, int64_t deadline)
{
	struct pollfd wanted = { .fd = fd, .events = events };
	int64_t left = deadline - now_ms();
	int ready;

	do
		ready = poll(&wanted, 1, left > 0 ? left : 0);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	return ready ? 0 : -EAGAIN;
}

/*
 * Send a command as one line. No copy stays in memory, as it may contain a key
 * part. Return 0 or -errno.
 */
static int send_words(int fd, int argc, char *const *argv)
{
	char line[CONTROL_LINE_MAX];
	size_t length = 0;
	int error = 0;

	for (int i = 0; i < argc && length < sizeof(line); i++)
		length += snprintf(line + length, sizeof(line) - length,
				   i < argc - 1 ? "%s " : "%s\n", argv[i]);
	if (length >= sizeof(line))
		error = -EMSGSIZE;
	else if (send(fd, line, length, MSG_NOSIGNAL) < 0)
		error = -errno;
	explicit_bzero(line, sizeof(line));
	return error;
}

struct answer {
	char *text;
	size_t length, room;
};

/*
 * Receive a part of an answer. Return its length, 0 at the end of the
 * connection, or -errno.
 */
static ssize_t receive_part(int fd, struct answer *answer)
{
	ssize_t got;

	if (answer->room - answer->length < BUFSIZ) {
		size_t room = 2 * answer->room + 2 * BUFSIZ;
		char *larger = realloc(answer->text, room);

		if (!larger)
			return -ENOMEM;
		answer->text = larger;
		answer->room = room;
	}
	got = recv(fd, answer->text + answer->length,
		   answer->room - answer->length - 1, 0);
	if (got < 0)
		return -errno;
	answer->length += got;
	return answer->length > ASK_ANSWER_MAX ? -EFBIG : got;
}

/*
 * Store everything up to the end of the connection in *@text, which the caller
 * frees. Return 0 or -errno. -EAGAIN means that swcexd does not answer in time,
 * for example because it is stopped.
 */
static int receive(int fd, int64_t deadline, char **text)
{
	struct answer answer = { 0 };
	ssize_t got;

	do {
		got = await(fd, POLLIN, deadline);
		if (!got)
			got = receive_part(fd, &answer);
	} while (got > 0);
	if (!got && !answer.length)
		got = -ECONNRESET;
	if (got) {
		free(answer.text);
		return got;
	}
	answer.text[answer.length] = '\0';
	*text = answer.text;
	return 0;
}

static const char *why_unanswered(int error)
{
	switch (error) {
	case -EAGAIN:
		return "swcexd does not answer in time; check whether it is stopped or waits for its disk";
	case -ECONNRESET:
		return "the connection ended without an answer; check whether swcexd still runs";
	case -EFBIG:
		return "the answer is too long; check whether it is swcexd that serves this socket";
	case -EMSGSIZE:
		return "the command is too long";
	default:
		return strerror(-error);
	}
}

/*
 * Return the answer without its first line; or NULL, after writing the reason
 * to standard error.
 */
static char *judge(const char *program, char *answer)
{
	if (!strncmp(answer, ok, strlen(ok))) {
		memmove(answer, answer + strlen(ok),
			strlen(answer + strlen(ok)) + 1);
		return answer;
	}
	if (!strncmp(answer, error, strlen(error)))
		fprintf(stderr, "%s: %s", program, answer + strlen(error));
	else
		fprintf(stderr, "%s: that is not an answer of swcexd: %.200s\n",
			program, answer);
	free(answer);
	return NULL;
}

char *ask_daemon(const char *program, const char *path, int argc,
		 char *const *argv)
{
	int64_t deadline = now_ms() + ASK_PATIENCE_SECONDS * 1000;
	int fd = listener_connect(path, SOCK_STREAM);
	char *answer = NULL;
	int error;

	if (fd < 0) {
		fprintf(stderr, "%s: %s: %s\n", program, path, strerror(-fd));
		return NULL;
	}
	error = send_words(fd, argc, argv);
	if (!error)
		error = receive(fd, deadline, &answer);
	if (error)
		fprintf(stderr, "%s: %s: %s\n", program, path, why_unanswered(error));
	close(fd);
	return answer ? judge(program, answer) : NULL;
}
