// SPDX-License-Identifier: GPL-2.0-only
/*
 * systemd notifies the process that started it, by the protocol of
 * sd_notify(3), when it has started everything that it starts at boot. So no
 * program of the root is needed to ask for that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervisor.h"

/* An abstract address; '@' stands for NUL. */
#define NOTIFY	"@swcex"

static const char *const places[] = { "/usr/lib/systemd/systemd", "/lib/systemd/systemd" };

static const char *find(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!access(places[i], X_OK))
			return places[i];
	}
	fail(125, "--systemd: there is no %s in the root; --root debian:trixie has one", places[0]);
}

static int listen_for_it(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = NOTIFY };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	address.sun_path[0] = '\0';
	if (fd < 0 || bind(fd, (struct sockaddr *)&address,
			   offsetof(struct sockaddr_un, sun_path) + strlen(NOTIFY)))
		fail(125, "there is no socket for systemd: %s", strerror(errno));
	return fd;
}

/*
 * Make systemd process 1. It must not be a child of the supervisor, so the
 * process that the kernel started becomes systemd, and the supervisor continues
 * in a child. systemd does not kill a process whose name begins with '@'.
 */
static void hand_over(const char *systemd)
{
	static char *environment[] = { "TERM=dumb", "NOTIFY_SOCKET=" NOTIFY, NULL };
	pid_t child = fork();

	if (child < 0)
		fail(125, "no process for the supervisor: %s", strerror(errno));
	if (child) {
		execle(systemd, systemd, NULL, environment);
		fail(125, "%s cannot be executed in the VM: %s", systemd, strerror(errno));
	}
	setsid();
	program_invocation_name[0] = '@';
}

/* Return whether a message says READY=1; it consists of lines NAME=VALUE. */
static bool says_ready(const char *message)
{
	return !strncmp(message, "READY=1", 7) || strstr(message, "\nREADY=1");
}

void init_systemd(void)
{
	char message[4096] = "";
	int fd = listen_for_it();

	hand_over(find());
	while (!says_ready(message)) {
		ssize_t length = recv(fd, message, sizeof(message) - 1, 0);

		if (length < 0)
			fail(125, "systemd is not heard: %s", strerror(errno));
		message[length] = '\0';
	}
	close(fd);
}
