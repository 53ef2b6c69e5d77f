/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A socket in the file system that others connect to. It is its owner's alone
 * (mode 0600) from the moment that it exists.
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
 * Open @path with a socket of @type. A socket that nobody serves any more is
 * replaced; one that is served, or another file, is not. Returns 0, or -errno
 * when the reason was logged. @path stays the caller's and has to outlive the
 * listener.
 */
int listener_open(struct listener *listener, const char *path, int type);

/* Remove the socket, unless another has taken its place. */
void listener_close(struct listener *listener);

#define LISTENER_PATIENCE_SECONDS	30

/*
 * Connect to @path. Returns a descriptor, or -errno; -EAGAIN when the program that
 * serves it has taken no connection for that time.
 */
int listener_connect(const char *path, int type);

#endif /* DAEMON_LISTENER_H */
