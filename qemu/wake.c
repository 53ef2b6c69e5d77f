// SPDX-License-Identifier: GPL-2.0-only
#include "wake.h"

#include <glib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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
