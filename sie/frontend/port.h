/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a monitor of the guest is: on stdin and stdout, or at a Unix socket that has
 * one client at a time.
 */
#ifndef FRONTEND_PORT_H
#define FRONTEND_PORT_H

#include <stdbool.h>

/* Descriptors, -1 if there is none: no socket, or nobody is there. */
struct port {
	int listener;
	int in, out;
	const char *path;
};

#define PORT_CLOSED	((struct port){ -1, -1, -1, NULL })

/*
 * Open the port that an option names, which command_line_read() has allowed; NULL: none.
 * Reports what fails.
 */
bool port_open(struct port *port, const char *name);
void port_close(struct port *port);

/* Somebody waits at the socket. Returns whether the port has got a client. */
bool port_accept(struct port *port);

/* The client is gone. */
void port_leave(struct port *port);

#endif /* FRONTEND_PORT_H */
