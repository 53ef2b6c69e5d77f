// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "greeting.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static void __attribute__((format(printf, 2, 3)))
explain(struct greeting *greeting, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(greeting->reason, sizeof(greeting->reason), format, args);
	va_end(args);
}

static enum greeting_outcome connect_to(struct greeting *greeting,
					const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = GREETING_PATIENCE };
	int sock = greeting->socket;

	if (strlen(path) >= sizeof(address.sun_path)) {
		explain(greeting, "link=: the path has %zu characters and that "
			"of a socket at most %zu; give a shorter one",
			strlen(path), sizeof(address.sun_path) - 1);
		return GREETING_REFUSED;
	}
	strcpy(address.sun_path, path);
	if (!setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience,
			sizeof(patience)) &&
	    !setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience,
			sizeof(patience)) &&
	    !connect(sock, (struct sockaddr *)&address, sizeof(address)))
		return GREETING_ATTACHED;
	explain(greeting, "link=%s: %s; is swcexd running and is this its socket?",
		path, strerror(errno));
	return GREETING_NOBODY;
}

static bool hear(struct greeting *greeting, struct link_attached *attached)
{
	struct iovec part = { attached, sizeof(*attached) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr packet = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;

	if (TEMP_FAILURE_RETRY(recvmsg(greeting->socket, &packet,
				       MSG_CMSG_CLOEXEC)) != sizeof(*attached))
		return false;
	header = CMSG_FIRSTHDR(&packet);
	if (header && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&greeting->changes, CMSG_DATA(header), sizeof(int));
	return true;
}

static enum greeting_outcome introduce(struct greeting *greeting,
				       const char *path,
				       const struct link_attach *attach)
{
	struct link_attached attached = { 0 };

	if (send(greeting->socket, attach, sizeof(*attach), MSG_NOSIGNAL) !=
		    sizeof(*attach) ||
	    !hear(greeting, &attached)) {
		explain(greeting, "link=%s: swcexd did not answer; is it of the "
			"same version?", path);
		return GREETING_NOBODY;
	}
	if (!attached.error)
		return GREETING_ATTACHED;
	explain(greeting, "link=%s: %.*s", path, (int)sizeof(attached.reason),
		attached.reason);
	if (attached.error == EAGAIN)
		return GREETING_NOT_YET;
	return attached.error == EBUSY ? GREETING_BUSY : GREETING_REFUSED;
}

enum greeting_outcome greet(struct greeting *greeting, const char *path,
			    const struct link_attach *attach)
{
	enum greeting_outcome outcome;

	greeting->changes = -1;
	greeting->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (greeting->socket < 0) {
		explain(greeting, "link=%s: %s", path, strerror(errno));
		return GREETING_NOBODY;
	}
	outcome = connect_to(greeting, path);
	if (outcome == GREETING_ATTACHED)
		outcome = introduce(greeting, path, attach);
	if (outcome == GREETING_ATTACHED)
		return outcome;
	if (greeting->changes >= 0)
		close(greeting->changes);
	close(greeting->socket);
	return outcome;
}
