// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "key_file.h"
#include "log.h"

/* NULL, or what is wrong with the file. */
static const char *check(int fd)
{
	struct stat file;

	if (fstat(fd, &file))
		return strerror(errno);
	if (!S_ISREG(file.st_mode))
		return "the key file is not a regular file; give another path, a new file is made there";
	if (file.st_uid != geteuid())
		return "the key file is another user's; give one of your own";
	if (file.st_mode & 077)
		return "others may use the key file; chmod 600 it, if nobody has read it";
	if (file.st_size < KEY_FILE_MIN || file.st_size > KEY_FILE_MAX)
		return "a key file has 32 to 4096 bytes, best of all random ones";
	if (flock(fd, LOCK_EX | LOCK_NB))
		return "another swcexd uses the key file; each has one of its own";
	return NULL;
}

static bool write_random(int fd)
{
	uint8_t bytes[KEY_FILE_MIN];
	bool done;

	errno = EIO;
	done = RAND_bytes(bytes, sizeof(bytes)) == 1 &&
	       write(fd, bytes, sizeof(bytes)) == sizeof(bytes) && !fsync(fd);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return done;
}

/*
 * At any time there is nothing under @path, or a whole key. link() does not take
 * the place of one that another swcexd has made meanwhile; that one serves, too.
 * False with errno set.
 */
static bool make(const char *path)
{
	char new_path[PATH_MAX];
	bool done;
	int fd, error;

	if (snprintf(new_path, sizeof(new_path), "%s.XXXXXX", path) >=
	    (int)sizeof(new_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = mkostemp(new_path, O_CLOEXEC);
	if (fd < 0)
		return false;
	done = write_random(fd) &&
	       (!link(new_path, path) || errno == EEXIST) && directory_sync(path);
	error = errno;
	close(fd);
	unlink(new_path);
	errno = error;
	return done;
}

static int open_or_make(const char *path, bool may_make, const char **wrong)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT && may_make) {
		if (make(path))
			fd = open(path, flags);
		else
			*wrong = strerror(errno);
	}
	if (fd < 0 && !*wrong)
		*wrong = errno == ENOENT ?
			 "there is a state file and not its key file; bring that back, or move the state file away" :
			 errno == ELOOP ? "the key file is a symbolic link; give the path of the file itself" :
			 strerror(errno);
	return fd;
}

bool key_file_open(struct key_file *key, const char *path, bool may_make)
{
	const char *wrong = NULL;
	ssize_t length = 0;

	key->fd = open_or_make(path, may_make, &wrong);
	if (!wrong)
		wrong = check(key->fd);
	if (!wrong)
		length = read(key->fd, key->bytes, sizeof(key->bytes));
	if (!wrong && length < KEY_FILE_MIN)
		wrong = "the key file cannot be read whole; bring back a copy";
	key->length = length;
	if (!wrong)
		return true;
	log_line(LOG_ERROR, "%s: %s", path, wrong);
	if (key->fd >= 0)
		key_file_close(key);
	return false;
}

void key_file_close(struct key_file *key)
{
	close(key->fd);
	OPENSSL_cleanse(key, sizeof(*key));
}
