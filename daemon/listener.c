// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "directory.h"
#include "listener.h"
#include "log.h"
#include "peer.h"

static int address_of(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

int listener_connect(const char *path, int type)
{
	const struct timeval patience = {
		.tv_sec = LISTENER_PATIENCE_SECONDS,
	};
	struct sockaddr_un address;
	int error = address_of(path, &address), fd;

	if (error)
		return error;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/*
 * Daemons that start at the same time take turns by a lock on the socket's
 * directory.
 */
static int lock_directory(const char *path)
{
	int fd = directory_open(path);

	if (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* Remove a socket at @path that nobody serves. */
static int clear_path(const char *path, int type)
{
	struct stat there;
	int fd;

	if (lstat(path, &there) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(there.st_mode))
		return -EEXIST;
	fd = listener_connect(path, type | SOCK_NONBLOCK);
	if (fd >= 0)
		close(fd);
	if (fd != -ECONNREFUSED)
		return -EADDRINUSE;
	return unlink(path) ? -errno : 0;
}

static int bind_path(struct listener *listener, int type)
{
	struct sockaddr_un address;
	struct stat made;
	mode_t mask;
	int error = address_of(listener->path, &address);

	if (!error)
		error = clear_path(listener->path, type);
	if (error)
		return error;
	mask = umask(0177);
	error = bind(listener->fd, (struct sockaddr *)&address,
		     sizeof(address));
	umask(mask);
	if (error || lstat(listener->path, &made) < 0)
		return -errno;
	listener->dev = made.st_dev;
	listener->ino = made.st_ino;
	error = peer_prepare(listener->fd);
	if (!error && listen(listener->fd, SOMAXCONN))
		error = -errno;
	if (error)
		unlink(listener->path);
	return error;
}

static const char *reason_of(int error)
{
	if (error == EADDRINUSE)
		return "another program serves it; end that one, or choose another path";
	if (error == EEXIST)
		return "the file is not a socket; choose another path";
	if (error == ENAMETOOLONG)
		return "a socket's path has 1 to 107 bytes; choose another path";
	return strerror(error);
}

/* The caller holds the directory's lock. */
static int open_socket(struct listener *listener, int type)
{
	listener->fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return listener->fd < 0 ? -errno : bind_path(listener, type);
}

int listener_open(struct listener *listener, const char *path, int type)
{
	int directory = lock_directory(path), error = directory;

	*listener = (struct listener){ .fd = -1, .path = path };
	if (directory >= 0) {
		error = open_socket(listener, type);
		close(directory);
	}
	if (!error)
		return 0;
	log_line(LOG_ERROR, "%s: %s", path, reason_of(-error));
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
	return error;
}

void listener_close(struct listener *listener)
{
	struct stat there;

	if (listener->fd < 0)
		return;
	if (!lstat(listener->path, &there) && there.st_dev == listener->dev &&
	    there.st_ino == listener->ino)
		unlink(listener->path);
	peer_close_socket(listener->fd);
	listener->fd = -1;
}
