/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a guest, RUN/guests/NAME, in which its QEMU runs:
 *
 *	agent.in, agent.out, agent.lock	the host's end of the agent's port
 *	wake				the socket of the port that wakes the guest
 *	console.log, console.log.1	what the guest wrote to its console
 *
 * It stays when the guest has ended, for its console's sake, until a guest of the
 * same name comes or there are too many directories.
 */
#ifndef HOST_HOME_H
#define HOST_HOME_H

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/* @fd, the directory, holds a lock as long as the guest runs. */
struct home {
	char *path;
	int fd;
};

/* The path of @file in the directory of guest @name. Free with g_free(). */
char *home_file(const char *run, const char *name, const char *file);

/*
 * Make the directory of guest @name. Removes the oldest one whose guest has ended
 * if there are config->guests of them. Returns false with a sentence in @reason,
 * REQUEST_REASON bytes: a guest of this name is running, or as many as may be, or
 * there is a file error.
 */
bool home_open(struct home *home, const struct config *config, const char *name, char *reason);

/* The guest has ended. */
void home_close(struct home *home);

#endif /* HOST_HOME_H */
