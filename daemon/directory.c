// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "directory.h"

int directory_open(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int directory_sync(const char *path)
{
	int fd = directory_open(path), error = 0;

	if (fd < 0)
		return fd;
	if (fsync(fd))
		error = -errno;
	close(fd);
	return error;
}
