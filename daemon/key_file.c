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
#include "privacy.h"

/* Return NULL, or a sentence that says what is wrong with the file. */
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
		return "others may access the key file; chmod 600 it, if nobody has read it";
	if (file.st_size < KEY_FILE_MIN || file.st_size > KEY_FILE_MAX)
		return "a key file has 32 to 4096 bytes, which should be random; give such a file";
	if (flock(fd, LOCK_EX | LOCK_NB))
		return "another swcexd uses the key file; give each one of its own";
	return NULL;
}

static int write_random(int fd)
{
	uint8_t bytes[KEY_FILE_MIN];
	int error = -EIO;

	if (RAND_bytes(bytes, sizeof(bytes)) == 1) {
		errno = EIO;
		if (write(fd, bytes, sizeof(bytes)) == sizeof(bytes) &&
		    !fsync(fd))
			error = 0;
		else
			error = -errno;
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return error;
}

/*
 * There is either no file or a whole key at @path at any time. link() does not
 * replace a file that another swcexd has created meanwhile; that key is as
 * good.
 */
static int make(const char *path)
{
	char new_path[PATH_MAX];
	int fd, error;

	if (snprintf(new_path, sizeof(new_path), "%s.XXXXXX", path) >=
	    (int)sizeof(new_path))
		return -ENAMETOOLONG;
	fd = mkostemp(new_path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = write_random(fd);
	if (!error && link(new_path, path) && errno != EEXIST)
		error = -errno;
	if (!error)
		error = directory_sync(path);
	close(fd);
	unlink(new_path);
	return error;
}

static const char *why_not_opened(int error)
{
	if (error == ENOENT)
		return "there is a state file, but not its key file; restore the key file, or move the state file away";
	if (error == ELOOP)
		return "the key file is a symbolic link; give the path of the file itself";
	return strerror(error);
}

static int open_or_make(const char *path, bool may_make, const char **wrong)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags), error;

	if (fd < 0 && errno == ENOENT && may_make) {
		error = make(path);
		if (error) {
			*wrong = strerror(-error);
			return -1;
		}
		fd = open(path, flags);
	}
	if (fd < 0)
		*wrong = why_not_opened(errno);
	return fd;
}

int key_file_open(struct key_file *key, const char *path, bool may_make)
{
	const char *wrong = NULL;
	ssize_t length = 0;

	privacy_lock(key, sizeof(*key));
	key->fd = open_or_make(path, may_make, &wrong);
	if (!wrong)
		wrong = check(key->fd);
	if (!wrong)
		length = read(key->fd, key->bytes, sizeof(key->bytes));
	if (!wrong && length < KEY_FILE_MIN)
		wrong = "the key file cannot be read completely; restore a copy";
	key->length = length;
	if (!wrong)
		return 0;
	log_line(LOG_ERROR, "%s: %s", path, wrong);
	if (key->fd >= 0)
		key_file_close(key);
	return -EINVAL;
}

void key_file_close(struct key_file *key)
{
	close(key->fd);
	OPENSSL_cleanse(key, sizeof(*key));
}
