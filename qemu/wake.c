// SPDX-License-Identifier: GPL-2.0-only
#include "wake.h"

#include <glib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_PAUSE	1000	/* us */
#define DOUBLINGS	10

void wake_init(struct wake *wake, const char *path)
{
	*wake = (struct wake){ .path = path, .socket = -1 };
}

static void disconnect(struct wake *wake)
{
	close(wake->socket);
	wake->socket = -1;
}

static void connect_port(struct wake *wake)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_strlcpy(address.sun_path, wake->path, sizeof(address.sun_path));
	wake->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (wake->socket >= 0 &&
	    connect(wake->socket, (struct sockaddr *)&address, sizeof(address)))
		disconnect(wake);
}

void wake_vcpu(struct wake *wake)
{
	if (wake->socket >= 0)
		disconnect(wake);
	else
		connect_port(wake);
}

void wake_sleeper(struct wake *wake, int64_t now)
{
	if (wake->vain && now < wake->due)
		return;
	wake_vcpu(wake);
	wake->due = now + ((int64_t)FIRST_PAUSE << MIN(wake->vain, DOUBLINGS));
	wake->vain++;
}

void wake_hope(struct wake *wake)
{
	wake->vain = 0;
}
