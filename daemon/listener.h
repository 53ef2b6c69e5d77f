/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A listener is a socket in the file system that others connect to. Only its
 * owner may connect (mode 0600), from the moment that it exists.
 */
#ifndef DAEMON_LISTENER_H
#define DAEMON_LISTENER_H

#include <sys/types.h>

struct listener {
	int fd;
	const char *path;
	dev_t dev;
	ino_t ino;
};

/*
 * Listen at @path with a socket of @type. A socket that no program serves any
 * more is replaced; one that is served, or any other file, is not. @path must
 * outlive the listener. Return 0, or -errno after the reason has been logged.
 */
int listener_open(struct listener *listener, const char *path, int type);

/* Close the socket and remove its file, unless another file has replaced it. */
void listener_close(struct listener *listener);

#define LISTENER_PATIENCE_SECONDS	30

/*
 * Connect to the socket @path of @type. Return a descriptor that the caller
 * closes, or -errno: -EAGAIN means that the program which serves it has
 * accepted no connection for LISTENER_PATIENCE_SECONDS.
 */
int listener_connect(const char *path, int type);

#endif /* DAEMON_LISTENER_H */
