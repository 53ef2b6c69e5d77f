/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log file of limited size. A full one is renamed to PATH.1, which replaces
 * the previous PATH.1. Several processes may write to the same log.
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

/*
 * Open the log. Return false with errno set on error. The caller closes the log
 * in either case.
 */
bool log_open(struct log *log, const char *path, guint64 limit);
void log_close(struct log *log);

/*
 * Append bytes. Return false if they are lost because they cannot be written.
 */
bool log_write(struct log *log, const void *bytes, size_t length);

#endif /* HOST_LOG_H */
