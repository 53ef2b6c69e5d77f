// SPDX-License-Identifier: GPL-2.0-only
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Take the place @number. Return a descriptor, or -1 with errno set, to
 * EWOULDBLOCK if it is taken.
 */
static int take(const char *directory, guint64 number)
{
	g_autofree char *path = g_strdup_printf("%s/%" G_GUINT64_FORMAT, directory, number);
	int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
	return -1;
}

int slot_take(const char *run, const char *name, guint64 count)
{
	g_autofree char *directory = g_build_filename(run, name, NULL);
	int fd;

	if (mkdir(directory, 0700) && errno != EEXIST)
		return -1;
	for (guint64 i = 0; i < count; i++) {
		fd = take(directory, i);
		if (fd >= 0 || errno != EWOULDBLOCK)
			return fd;
	}
	errno = EBUSY;
	return -1;
}
