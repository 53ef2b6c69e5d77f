/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a guest, RUN/guests/NAME, in which its QEMU runs:
 *
 *	agent.in, agent.out, agent.lock	the host's end of the agent's port
 *	wake				socket of the port that wakes the guest
 *	console.log, console.log.1	the guest's console output
 *
 * The directory remains when the guest has ended, because of the console's
 * output, until a guest of the same name is started or there are too many
 * directories.
 */
#ifndef HOST_HOME_H
#define HOST_HOME_H

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/* @fd, the directory, holds a lock while the guest runs. */
struct home {
	char *path;
	int fd;
};

/*
 * Return the path of @file in the directory of guest @name. The caller frees it
 * by g_free().
 */
char *home_file(const char *run, const char *name, const char *file);

/*
 * Make the directory of guest @name. If there are config->guests of them,
 * remove the oldest one whose guest has ended. Return false with a sentence in
 * @reason, REQUEST_REASON bytes, if a guest of this name is running, if the
 * maximum number of guests is running, or on a file error.
 */
bool home_open(struct home *home, const struct config *config, const char *name, char *reason);

/* Release the directory after the guest has ended. */
void home_close(struct home *home);

#endif /* HOST_HOME_H */
