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

static bool address_of(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(address->sun_path, path);
	return true;
}

int listener_connect(const char *path, int type)
{
	const struct timeval patience = {
		.tv_sec = LISTENER_PATIENCE_SECONDS,
	};
	struct sockaddr_un address;
	int fd;

	if (!address_of(path, &address))
		return -1;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* Two that start at once take turns by a lock on the socket's directory. */
static int lock_directory(const char *path)
{
	int fd = directory_open(path);

	if (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Make way for a socket at @path. */
static bool clear_path(const char *path, int type)
{
	struct stat there;
	int fd;

	if (lstat(path, &there) < 0)
		return errno == ENOENT;
	if (!S_ISSOCK(there.st_mode)) {
		errno = EEXIST;
		return false;
	}
	fd = listener_connect(path, type | SOCK_NONBLOCK);
	if (fd >= 0 || errno != ECONNREFUSED) {
		if (fd >= 0)
			close(fd);
		errno = EADDRINUSE;
		return false;
	}
	return !unlink(path);
}

static bool bind_path(struct listener *listener, int type)
{
	struct sockaddr_un address;
	struct stat made;
	mode_t mask;
	int error;

	if (!address_of(listener->path, &address) ||
	    !clear_path(listener->path, type))
		return false;
	mask = umask(0177);
	error = bind(listener->fd, (struct sockaddr *)&address,
		     sizeof(address));
	umask(mask);
	if (error || lstat(listener->path, &made) < 0)
		return false;
	listener->dev = made.st_dev;
	listener->ino = made.st_ino;
	if (!listen(listener->fd, SOMAXCONN))
		return true;
	unlink(listener->path);
	return false;
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

bool listener_open(struct listener *listener, const char *path, int type)
{
	int directory = lock_directory(path);
	bool done = false;
	int error;

	*listener = (struct listener){ .fd = -1, .path = path };
	if (directory >= 0)
		listener->fd = socket(AF_UNIX,
				      type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd >= 0)
		done = bind_path(listener, type);
	error = errno;
	if (directory >= 0)
		close(directory);
	if (done)
		return true;
	log_line(LOG_ERROR, "%s: %s", path, reason_of(error));
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
	return false;
}

void listener_close(struct listener *listener)
{
	struct stat there;

	if (listener->fd < 0)
		return;
	if (!lstat(listener->path, &there) && there.st_dev == listener->dev &&
	    there.st_ino == listener->ino)
		unlink(listener->path);
	close(listener->fd);
	listener->fd = -1;
}
