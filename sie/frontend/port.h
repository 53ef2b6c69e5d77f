/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a monitor of the guest is: on stdin and stdout, or at a Unix socket,
 * which serves one client at a time.
 */
#ifndef FRONTEND_PORT_H
#define FRONTEND_PORT_H

#include <stdbool.h>

/* Descriptors; -1 if there is no socket or no client. */
struct port {
	int listener;
	int in, out;
	const char *path;
};

#define PORT_CLOSED	((struct port){ -1, -1, -1, NULL })

/*
 * Open the port @name, which command_line_read() has accepted. If @name is
 * NULL, there is none. Report errors and return false.
 */
bool port_open(struct port *port, const char *name);
void port_close(struct port *port);

/*
 * Accept a client that waits at the socket. Return whether the port has a
 * client now.
 */
bool port_accept(struct port *port);

/* Handle that the client has disconnected. */
void port_leave(struct port *port);

#endif /* FRONTEND_PORT_H */
