/* SPDX-License-Identifier: GPL-2.0-only */
/* Going on in the background, as -daemonize and -pidfile say. */
#ifndef FRONTEND_BACKGROUND_H
#define FRONTEND_BACKGROUND_H

#include <stdbool.h>

/*
 * Go on in a process of a session of its own, while the one that was started waits.
 * Returns true there. Reports what fails.
 */
bool background_enter(void);

/*
 * Everything is ready: the one that was started ends, with status 0. It ends with
 * status 1 if this process does so before.
 */
bool background_ready(void);

/* Write the number of this process to @path. Reports what fails. */
bool background_write_pid(const char *path);

#endif /* FRONTEND_BACKGROUND_H */
