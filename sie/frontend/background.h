/* SPDX-License-Identifier: GPL-2.0-only */
/* Running in the background, as -daemonize and -pidfile request. */
#ifndef FRONTEND_BACKGROUND_H
#define FRONTEND_BACKGROUND_H

#include <stdbool.h>

/*
 * Continue in a process with a session of its own, while the original process
 * waits. Return true in the new process, or report the error and return false.
 */
bool background_enter(void);

/*
 * Report that everything is ready, so that the original process ends with
 * status 0. It ends with status 1 if this process ends before that.
 */
bool background_ready(void);

/* Write the number of this process to @path. Report errors and return false. */
bool background_write_pid(const char *path);

#endif /* FRONTEND_BACKGROUND_H */
