// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process 1 that starts nothing, and says so as systemd does. It leaves /run/booted, which has the
 * mounts that it was given.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int say(const char *message)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (!name || name[0] != '@' || fd < 0)
		return -1;
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	if (sendto(fd, message, strlen(message), 0, (struct sockaddr *)&address,
		   offsetof(struct sockaddr_un, sun_path) + strlen(name)) < 0)
		return -1;
	return close(fd);
}

static int leave_mounts(void)
{
	int from = open("/proc/mounts", O_RDONLY), to = open("/run/booted", O_WRONLY | O_CREAT, 0644);
	char text[4096];
	ssize_t length;

	while ((length = read(from, text, sizeof(text))) > 0) {
		if (write(to, text, length) != length)
			return -1;
	}
	return close(to) || length;
}

int main(void)
{
	if (getpid() != 1 || leave_mounts() || say("STATUS=starting") ||
	    say("STATUS=started\nREADY=1"))
		return 1;
	for (;;) {
		if (wait(NULL) < 0)
			pause();
	}
}
