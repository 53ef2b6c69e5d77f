/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log file of a bounded size. When it is full it becomes PATH.1, and what was
 * PATH.1 is gone. Several processes may write to one.
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct log {
	char *path;
	guint64 limit;
	int fd;
};

/* Returns false with errno. Close the log in either case. */
bool log_open(struct log *log, const char *path, guint64 limit);
void log_close(struct log *log);

/* Append bytes. Returns false if they are lost, because they cannot be written. */
bool log_write(struct log *log, const void *bytes, size_t length);

#endif /* HOST_LOG_H */
