// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "daemon/listener.h"
#include "ask.h"

static const char ok[] = "ok\n";
static const char error[] = "error: ";

static bool send_words(FILE *peer, int argc, char *const *argv)
{
	for (int i = 0; i < argc; i++)
		fprintf(peer, i ? " %s" : "%s", argv[i]);
	fputc('\n', peer);
	return !fflush(peer);
}

/* Everything up to the end of the connection, or NULL with errno set. */
static char *receive(FILE *peer)
{
	char *answer = NULL;
	size_t room = 0;
	int error;

	errno = ECONNRESET;
	if (getdelim(&answer, &room, '\0', peer) >= 0 && !ferror(peer))
		return answer;
	error = errno;
	free(answer);
	errno = error;
	return NULL;
}

/* An apd that is stopped takes connections and says nothing. */
static void limit_patience(int fd)
{
	const struct timeval patience = { .tv_sec = ASK_PATIENCE_SECONDS };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static const char *why_unanswered(void)
{
	switch (errno) {
	case EAGAIN:
		return "apd says nothing; see whether it is stopped or hangs on its disk";
	case ECONNRESET:
		return "the connection ended without an answer; see whether apd still runs";
	default:
		return strerror(errno);
	}
}

/* The answer without its first line, or NULL. */
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
		fprintf(stderr, "%s: that is no answer of apd: %s\n", program,
			answer);
	free(answer);
	return NULL;
}

/* What is sent may be a part of a key, so no copy of it stays in memory. */
char *apd_ask(const char *program, const char *path, int argc,
	      char *const *argv)
{
	int fd = listener_connect(path, SOCK_STREAM);
	FILE *peer = fd >= 0 ? fdopen(fd, "r+") : NULL;
	char *answer = NULL, buffer[BUFSIZ];

	if (peer) {
		limit_patience(fd);
		setvbuf(peer, buffer, _IOFBF, sizeof(buffer));
	}
	if (!peer || !send_words(peer, argc, argv))
		fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
	else if (!(answer = receive(peer)))
		fprintf(stderr, "%s: %s: %s\n", program, path,
			why_unanswered());
	if (peer)
		fclose(peer);
	explicit_bzero(buffer, sizeof(buffer));
	return answer ? judge(program, answer) : NULL;
}
