// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "attachment.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "link.h"
#include "watch.h"

/* apd answers in microseconds; what takes longer than this is not coming. */
#define PATIENCE_SECONDS	10

/* @lock: one question and its answer; @socket is -1 when the link is lost */
struct attachment {
	struct machine machine;
	GMutex lock;
	int socket;
	struct watch watch;
};

static bool __attribute__((format(printf, 3, 4)))
refuse(char *reason, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, size, format, args);
	va_end(args);
	return false;
}

static bool connect_to(int sock, const char *path, char *reason, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

	if (strlen(path) >= sizeof(address.sun_path))
		return refuse(reason, size, "link=: the path has %zu characters "
			      "and that of a socket at most %zu; give a "
			      "shorter one", strlen(path),
			      sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);
	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) ||
	    setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience,
		       sizeof(patience)))
		return refuse(reason, size, "link=%s: %s", path,
			      strerror(errno));
	if (connect(sock, (struct sockaddr *)&address, sizeof(address)))
		return refuse(reason, size, "link=%s: %s; is apd running and "
			      "is this its socket?", path, strerror(errno));
	return true;
}

/* The first answer; *@changes is the descriptor that came with it, or -1. */
static bool hear_attached(int sock, struct link_attached *attached, int *changes)
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

	*changes = -1;
	if (TEMP_FAILURE_RETRY(recvmsg(sock, &packet, MSG_CMSG_CLOEXEC)) !=
	    sizeof(*attached))
		return false;
	header = CMSG_FIRSTHDR(&packet);
	if (header && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(changes, CMSG_DATA(header), sizeof(int));
	return true;
}

static bool introduce(int sock, const char *path, const uint64_t *guest,
		      int *changes, char *reason, size_t size)
{
	const struct link_attach attach = {
		.magic = LINK_MAGIC,
		.version = LINK_VERSION,
		.role = guest ? LINK_GUEST : LINK_LPAR,
		.guest = guest ? *guest : 0,
	};
	struct link_attached attached = { 0 };

	if (send(sock, &attach, sizeof(attach), MSG_NOSIGNAL) !=
		    sizeof(attach) ||
	    !hear_attached(sock, &attached, changes))
		return refuse(reason, size, "link=%s: apd did not answer; is "
			      "it of the same version?", path);
	if (attached.error)
		return refuse(reason, size, "link=%s: %.*s", path,
			      (int)sizeof(attached.reason), attached.reason);
	return true;
}

static bool ask(int sock, const struct ap_command *command, const void *in)
{
	struct iovec parts[] = {
		{ (void *)command, sizeof(*command) },
		{ (void *)in, command->length },
	};
	const struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };

	return TEMP_FAILURE_RETRY(sendmsg(sock, &packet, MSG_NOSIGNAL)) ==
	       (ssize_t)(sizeof(*command) + command->length);
}

static bool hear(int sock, struct ap_result *result, void *out)
{
	struct iovec parts[] = {
		{ result, sizeof(*result) },
		{ out, AP_MESSAGE_MAX },
	};
	struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t size = TEMP_FAILURE_RETRY(recvmsg(sock, &packet, 0));

	return size >= (ssize_t)sizeof(*result) &&
	       result->length == (size_t)size - sizeof(*result);
}

static void lose(struct attachment *a)
{
	fprintf(stderr, "ap.so: apd %s; the VM goes on without adapters\n",
		errno == EAGAIN ? "does not answer" : "is gone");
	close(a->socket);
	a->socket = -1;
}

/* What a machine answers that has no adapters and no guests */
static void answer_empty(const struct ap_command *command,
			 struct ap_result *result, void *out)
{
	static const struct ap_qci nothing = {
		.flags = { AP_QCI_APXA },
		.na = AP_ADAPTERS - 1,
		.nd = AP_DOMAINS - 1,
	};

	memset(result, 0, sizeof(*result));
	if (command->op == AP_OP_QCI) {
		result->length = sizeof(nothing);
		memcpy(out, &nothing, sizeof(nothing));
		return;
	}
	result->status = AP_STATUS_OF_RC(AP_RC_Q_NOT_AVAIL);
	if (command->op > AP_OP_GUEST_CREATE)
		result->value = ENODEV;
}

static uint64_t now(void)
{
	return g_get_monotonic_time() * UINT64_C(1000);
}

/* One question and its answer; the lock is held. */
static bool converse(struct attachment *a, const struct ap_command *command,
		     const void *in, struct ap_result *result, void *out)
{
	uint64_t time = now();

	if (watch_answer(&a->watch, command, time, result))
		return true;
	watch_before(&a->watch, command, time);
	errno = 0;
	if (!ask(a->socket, command, in) || !hear(a->socket, result, out)) {
		lose(a);
		return false;
	}
	watch_after(&a->watch, command, result);
	return true;
}

static void attachment_execute(struct machine *machine,
			       const struct ap_command *command, const void *in,
			       struct ap_result *result, void *out)
{
	struct attachment *a = (struct attachment *)machine;
	bool answered = false;

	g_mutex_lock(&a->lock);
	if (a->socket >= 0)
		answered = converse(a, command, in, result, out);
	g_mutex_unlock(&a->lock);
	if (!answered)
		answer_empty(command, result, out);
}

struct machine *attachment_open(const char *path, const uint64_t *guest,
				char *reason, size_t size)
{
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct attachment *a;
	int changes = -1;

	if (sock < 0) {
		refuse(reason, size, "link=%s: %s", path, strerror(errno));
		return NULL;
	}
	if (!connect_to(sock, path, reason, size) ||
	    !introduce(sock, path, guest, &changes, reason, size)) {
		close(sock);
		return NULL;
	}
	a = g_new0(struct attachment, 1);
	a->machine.execute = attachment_execute;
	a->machine.is_lpar = a->machine.configures = !guest;
	a->socket = sock;
	if (changes >= 0)
		watch_open(&a->watch, changes);
	a->machine.changes = a->watch.changes;
	g_mutex_init(&a->lock);
	return &a->machine;
}
