// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes/sealed.h"
#include "directory.h"
#include "log.h"
#include "store.h"

#define NEW	".new"
#define LOCK	".lock"

static int log_failure(const struct store *store, int error,
		       const char *reason)
{
	log_line(LOG_ERROR, "%s: %s", store->path, reason);
	return -error;
}

/* The lock is on a file of its own, as each change replaces the state file. */
static int lock_state(struct store *store)
{
	char path[PATH_MAX];
	int error;

	snprintf(path, sizeof(path), "%s" LOCK, store->path);
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
				 O_NONBLOCK | O_NOCTTY, 0600);
	if (store->lock >= 0 && !flock(store->lock, LOCK_EX | LOCK_NB))
		return 0;
	error = errno;
	if (store->lock >= 0)
		close(store->lock);
	if (error == EWOULDBLOCK)
		return log_failure(store, error,
				   "another swcexd uses the state; end that one, or give another path");
	log_line(LOG_ERROR, "%s: %s", path, strerror(error));
	return -error;
}

int store_open(struct store *store, const char *path, const char *key)
{
	int error;

	store->path = path;
	if (strlen(path) + strlen(LOCK) >= PATH_MAX) {
		log_line(LOG_ERROR, "%s: the state file's path is too long; give one of at most %zu bytes",
			 path, PATH_MAX - sizeof(LOCK));
		return -ENAMETOOLONG;
	}
	error = lock_state(store);
	if (error)
		return error;
	error = key_file_open(&store->key, key, access(path, F_OK));
	if (error)
		close(store->lock);
	return error;
}

void store_close(struct store *store)
{
	key_file_close(&store->key);
	close(store->lock);
}

static struct slice secret_of(const struct store *store)
{
	return (struct slice){ store->key.bytes, store->key.length };
}

static const char *reason_of(enum sealed_error error)
{
	switch (error) {
	case SEALED_FOREIGN:
		return "this is not a state file of swcexd; give another path";
	case SEALED_OTHER_SECRET:
		return "the state was written under another key file; give that one";
	case SEALED_DAMAGED:
		return "the state file is damaged; restore a copy, or move it away to start without state";
	default:
		return "the state file cannot be decrypted: there is no memory; free some";
	}
}

static int unseal(struct store *store, struct slice sealed, uint8_t **bytes,
		  size_t *length)
{
	uint8_t *open = malloc(sealed.length + 1);
	enum sealed_error error;

	if (!open)
		return log_failure(store, ENOMEM, strerror(ENOMEM));
	error = sealed_open(secret_of(store), sealed, open);
	if (error) {
		free(open);
		return log_failure(store, EINVAL, reason_of(error));
	}
	*bytes = open;
	*length = sealed.length - SEALED_OVERHEAD;
	return 0;
}

static int read_whole(struct store *store, int fd, uint8_t **bytes,
		      size_t *length)
{
	struct stat file;
	uint8_t *sealed;
	int error;

	if (fstat(fd, &file) || !S_ISREG(file.st_mode))
		return log_failure(store, EINVAL, "the state file is not a regular file; give another path");
	if (file.st_size > STORE_MAX)
		return log_failure(store, EINVAL, reason_of(SEALED_FOREIGN));
	sealed = malloc(file.st_size + 1);
	if (sealed && read(fd, sealed, file.st_size) == file.st_size)
		error = unseal(store, (struct slice){ sealed, file.st_size },
			       bytes, length);
	else
		error = log_failure(store, EIO, strerror(errno));
	free(sealed);
	return error;
}

int store_read(struct store *store, uint8_t **bytes, size_t *length)
{
	int fd = open(store->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int error;

	*bytes = NULL;
	if (fd < 0)
		return errno == ENOENT ? 0 : log_failure(store, errno,
							 strerror(errno));
	error = read_whole(store, fd, bytes, length);
	close(fd);
	return error;
}

static int write_all(int fd, struct slice bytes)
{
	while (bytes.length) {
		ssize_t written = write(fd, bytes.at, bytes.length);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			bytes.at += written;
			bytes.length -= written;
		}
	}
	return 0;
}

/* A file that is left there is nobody's, as the state is locked. */
static int create(const char *path)
{
	int fd;

	if (unlink(path) && errno != ENOENT)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	return fd < 0 ? -errno : fd;
}

static int replace(const char *path, struct slice bytes)
{
	char new_path[PATH_MAX];
	int fd, error;

	snprintf(new_path, sizeof(new_path), "%s" NEW, path);
	fd = create(new_path);
	if (fd < 0)
		return fd;
	error = write_all(fd, bytes);
	if (!error && fsync(fd))
		error = -errno;
	close(fd);
	if (!error && rename(new_path, path))
		error = -errno;
	return error ? error : directory_sync(path);
}

int store_write(struct store *store, struct slice bytes)
{
	size_t length = bytes.length + SEALED_OVERHEAD;
	uint8_t *sealed = malloc(length);
	int error = -ENOMEM;

	if (sealed && !sealed_make(secret_of(store), bytes, sealed))
		error = replace(store->path, (struct slice){ sealed, length });
	free(sealed);
	return error;
}
