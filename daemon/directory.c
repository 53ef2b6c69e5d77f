// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "directory.h"

int directory_open(const char *path)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool directory_sync(const char *path)
{
	int fd = directory_open(path);
	bool done = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return done;
}
