// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes/sealed.h"
#include "directory.h"
#include "log.h"
#include "store.h"

#define SUFFIX	".new"

bool store_open(struct store *store, const char *path, const char *key)
{
	store->path = path;
	if (strlen(path) + strlen(SUFFIX) < PATH_MAX)
		return key_file_open(&store->key, key, access(path, F_OK));
	log_line(LOG_ERROR, "%s: the state file's path is too long; give one of at most %zu bytes",
		 path, PATH_MAX - sizeof(SUFFIX));
	return false;
}

void store_close(struct store *store)
{
	key_file_close(&store->key);
}

static struct slice secret_of(const struct store *store)
{
	return (struct slice){ store->key.bytes, store->key.length };
}

static bool refuse(const struct store *store, const char *reason)
{
	log_line(LOG_ERROR, "%s: %s", store->path, reason);
	return false;
}

static const char *reason_of(enum sealed_error error)
{
	switch (error) {
	case SEALED_FOREIGN:
		return "this is no state file of swcexd; give another path";
	case SEALED_OTHER_SECRET:
		return "the state was not written under this key file; give the one that it was";
	case SEALED_DAMAGED:
		return "the state file is damaged; bring back a copy, or move it away to begin anew";
	default:
		return "the state file cannot be decrypted now: there is no memory";
	}
}

static bool unseal(struct store *store, struct slice sealed, uint8_t **bytes,
		   size_t *length)
{
	enum sealed_error error;

	*bytes = malloc(sealed.length + 1);
	if (!*bytes)
		return refuse(store, strerror(errno));
	error = sealed_open(secret_of(store), sealed, *bytes);
	if (error) {
		free(*bytes);
		return refuse(store, reason_of(error));
	}
	*length = sealed.length - SEALED_OVERHEAD;
	return true;
}

static bool read_whole(struct store *store, int fd, uint8_t **bytes,
		       size_t *length)
{
	struct stat file;
	uint8_t *sealed;
	bool done;

	if (fstat(fd, &file) || !S_ISREG(file.st_mode))
		return refuse(store, "the state file is not a regular file; give another path");
	if (file.st_size > STORE_MAX)
		return refuse(store, reason_of(SEALED_FOREIGN));
	sealed = malloc(file.st_size + 1);
	if (sealed && read(fd, sealed, file.st_size) == file.st_size)
		done = unseal(store, (struct slice){ sealed, file.st_size },
			      bytes, length);
	else
		done = refuse(store, strerror(errno));
	free(sealed);
	return done;
}

bool store_read(struct store *store, uint8_t **bytes, size_t *length)
{
	int fd = open(store->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool done;

	*bytes = NULL;
	if (fd < 0)
		return errno == ENOENT || refuse(store, strerror(errno));
	done = read_whole(store, fd, bytes, length);
	close(fd);
	return done;
}

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.length) {
		ssize_t written = write(fd, bytes.at, bytes.length);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			bytes.at += written;
			bytes.length -= written;
		}
	}
	return true;
}

static bool replace(const char *path, struct slice bytes)
{
	char new_path[PATH_MAX];
	bool done;
	int fd;

	snprintf(new_path, sizeof(new_path), "%s" SUFFIX, path);
	fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return false;
	done = write_all(fd, bytes) && !fsync(fd);
	close(fd);
	return done && !rename(new_path, path) && directory_sync(path);
}

bool store_write(struct store *store, struct slice bytes)
{
	size_t length = bytes.length + SEALED_OVERHEAD;
	uint8_t *sealed = malloc(length);
	bool done = false;

	if (!sealed)
		return false;
	errno = ENOMEM;
	if (!sealed_make(secret_of(store), bytes, sealed))
		done = replace(store->path, (struct slice){ sealed, length });
	free(sealed);
	return done;
}
