// SPDX-License-Identifier: GPL-2.0-only
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool reopen(struct log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	return log->fd >= 0;
}

bool log_open(struct log *log, const char *path, guint64 limit)
{
	*log = (struct log){ .path = g_strdup(path), .limit = limit, .fd = -1 };
	return reopen(log);
}

void log_close(struct log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	g_free(log->path);
	*log = (struct log){ .fd = -1 };
}

/*
 * Return whether the open file is still at the path, as another process may
 * have renamed it.
 */
static bool is_current(const struct log *log, struct stat *st)
{
	struct stat named;

	return !fstat(log->fd, st) && !stat(log->path, &named) &&
	       st->st_dev == named.st_dev && st->st_ino == named.st_ino;
}

/* Lock the file at the path. The lock ends when the file is closed. */
static bool lock(struct log *log, struct stat *st)
{
	do {
		if (flock(log->fd, LOCK_EX))
			return false;
		if (is_current(log, st))
			return true;
	} while (reopen(log));
	return false;
}

static bool rotate(struct log *log)
{
	g_autofree char *older = g_strconcat(log->path, ".1", NULL);

	return !rename(log->path, older) && reopen(log);
}

bool log_write(struct log *log, const void *bytes, size_t length)
{
	struct stat st;
	bool written;

	if (log->fd < 0 || !lock(log, &st))
		return false;
	if (st.st_size && st.st_size + length > log->limit && !rotate(log))
		return false;
	written = write(log->fd, bytes, MIN(length, log->limit)) >= 0;
	flock(log->fd, LOCK_UN);
	return written;
}
