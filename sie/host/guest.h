/* SPDX-License-Identifier: GPL-2.0-only */
/* The QEMU that runs a guest. */
#ifndef HOST_GUEST_H
#define HOST_GUEST_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "config.h"
#include "request.h"

/* The ends of QEMU's stdin, stdout and stderr, which are non-blocking. */
struct guest {
	pid_t pid;
	int in, out, err;
};

/*
 * The NULL-terminated arguments of QEMU, and the descriptors that they name.
 * @monitor is the other end of its QMP monitor, for monitor_new(), and -1 after
 * that was called. @storage is the id of the object that is the guest's
 * storage, or NULL if there is none.
 */
struct command {
	GPtrArray *arguments;
	GArray *fds;
	int monitor;
	char *storage;
};

/*
 * Make the command line for a guest, which opens its files and writes its
 * number to a pipe. Return false with a sentence in @reason on error. The
 * caller frees the command in either case.
 */
bool command_make(struct command *command, const struct config *config,
		  const struct start *start, char *reason);

/*
 * Make the command line for a QEMU without a machine, which only describes what
 * it supports.
 */
bool command_make_probe(struct command *command, const struct config *config, char *reason);
void command_free(struct command *command);

/*
 * Start QEMU in @directory. It is killed when this process ends. Return false
 * with a sentence in @reason on error.
 */
bool guest_spawn(struct guest *guest, const char *directory, const struct command *command,
		 char *reason);

/* Kill QEMU, unless guest_wait() has returned already. */
void guest_kill(struct guest *guest);

/*
 * Wait for the end of QEMU. Return its exit status, or 128 plus the number of a
 * signal.
 */
int guest_wait(struct guest *guest);

#endif /* HOST_GUEST_H */
