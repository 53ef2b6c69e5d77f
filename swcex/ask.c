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

/*
 * Wait until @fd is ready for @events. Return false with errno set otherwise.
 */
static bool await(int fd, short events, int64_t deadline)
{
	struct pollfd wanted = { .fd = fd, .events = events };
	int64_t left = deadline - now_ms();
	int ready;

	do
		ready = poll(&wanted, 1, left > 0 ? left : 0);
	while (ready < 0 && errno == EINTR);
	if (!ready)
		errno = EAGAIN;
	return ready > 0;
}

/*
 * Send a command as one line. No copy stays in memory, as it may contain a key
 * part.
 */
static bool send_words(int fd, int argc, char *const *argv)
{
	char line[CONTROL_LINE_MAX];
	size_t length = 0;
	ssize_t sent;

	for (int i = 0; i < argc && length < sizeof(line); i++)
		length += snprintf(line + length, sizeof(line) - length,
				   i < argc - 1 ? "%s " : "%s\n", argv[i]);
	errno = EMSGSIZE;
	sent = -1;
	if (length < sizeof(line))
		sent = send(fd, line, length, MSG_NOSIGNAL);
	explicit_bzero(line, sizeof(line));
	return sent == (ssize_t)length;
}

/*
 * Return everything up to the end of the connection, or NULL with errno set.
 * EAGAIN means that swcexd does not answer in time, for example because it is
 * stopped.
 */
static char *receive(int fd, int64_t deadline)
{
	size_t length = 0, room = 0;
	char *answer = NULL;

	while (await(fd, POLLIN, deadline)) {
		ssize_t got;

		if (room - length < BUFSIZ) {
			char *larger = realloc(answer, 2 * room + 2 * BUFSIZ);

			if (!larger)
				break;
			answer = larger;
			room = 2 * room + 2 * BUFSIZ;
		}
		got = recv(fd, answer + length, room - length - 1, 0);
		if (got > 0 && length + got <= ASK_ANSWER_MAX) {
			length += got;
			continue;
		}
		if (!got && length) {
			answer[length] = '\0';
			return answer;
		}
		if (got >= 0)
			errno = got ? EFBIG : ECONNRESET;
		break;
	}
	free(answer);
	return NULL;
}

static const char *why_unanswered(void)
{
	switch (errno) {
	case EAGAIN:
		return "swcexd does not answer in time; check whether it is stopped or waits for its disk";
	case ECONNRESET:
		return "the connection ended without an answer; check whether swcexd still runs";
	case EFBIG:
		return "the answer is too long; check whether it is swcexd that serves this socket";
	case EMSGSIZE:
		return "the command is too long";
	default:
		return strerror(errno);
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
		fprintf(stderr, "%s: that is no answer of swcexd: %.200s\n",
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

	if (fd < 0) {
		fprintf(stderr, "%s: %s: %s\n", program, path, strerror(-fd));
		return NULL;
	}
	if (send_words(fd, argc, argv))
		answer = receive(fd, deadline);
	if (!answer)
		fprintf(stderr, "%s: %s: %s\n", program, path, why_unanswered());
	close(fd);
	return answer ? judge(program, answer) : NULL;
}
