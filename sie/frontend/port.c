// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bytes/number.h"
#include "report.h"

#define UNIX	"unix:"
#define NUMBER	"fd:"

/* @name ends at the first comma. */
static bool set_address(struct sockaddr_un *address, const char *name)
{
	size_t length = strcspn(name, ",");

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (length >= sizeof(address->sun_path))
		return report("the path of a socket has at most %zu bytes: %s",
			      sizeof(address->sun_path) - 1, name);
	memcpy(address->sun_path, name, length);
	return true;
}

/* A socket that a killed front end has left at the path is replaced. */
static bool listen_at(struct port *port, const char *name)
{
	struct sockaddr_un address;

	if (!set_address(&address, name))
		return false;
	port->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (port->listener < 0 || (unlink(address.sun_path) && errno != ENOENT) ||
	    bind(port->listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(port->listener, 1))
		return report("%s: %s", address.sun_path, strerror(errno));
	port->path = name;
	return true;
}

/* Use a socket that the caller has made, and at which it listens. */
static bool take_listener(struct port *port, const char *number)
{
	socklen_t size = sizeof(int);
	int listens = 0;
	uint64_t fd;

	if (!decimal_parse(number, &fd) || fd > INT_MAX || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) || !listens)
		return report("fd=%s is no socket that is listened at", number);
	port->listener = fd;
	return !fcntl(fd, F_SETFD, FD_CLOEXEC) && !fcntl(fd, F_SETFL, O_NONBLOCK);
}

bool port_open(struct port *port, const char *name)
{
	*port = PORT_CLOSED;
	if (!name)
		return true;
	if (!strncmp(name, UNIX, strlen(UNIX)))
		return listen_at(port, name + strlen(UNIX));
	if (!strncmp(name, NUMBER, strlen(NUMBER)))
		return take_listener(port, name + strlen(NUMBER));
	if (!strcmp(name, "stdio")) {
		port->in = STDIN_FILENO;
		port->out = STDOUT_FILENO;
	}
	return true;
}

void port_close(struct port *port)
{
	struct sockaddr_un address;

	port_leave(port);
	if (port->listener >= 0)
		close(port->listener);
	if (port->path && set_address(&address, port->path))
		unlink(address.sun_path);
	*port = PORT_CLOSED;
}

bool port_accept(struct port *port)
{
	int client = accept4(port->listener, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return false;
	port->in = port->out = client;
	return true;
}

/* Output continues after input has ended, as on stdout. */
void port_leave(struct port *port)
{
	if (port->in == STDIN_FILENO) {
		port->in = -1;
		return;
	}
	if (port->in >= 0)
		close(port->in);
	if (port->listener >= 0)
		port->in = port->out = -1;
}
