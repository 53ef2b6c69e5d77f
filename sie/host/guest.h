/* SPDX-License-Identifier: GPL-2.0-only */
/* The QEMU that runs a guest. */
#ifndef HOST_GUEST_H
#define HOST_GUEST_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "config.h"
#include "request.h"

/* The ends of QEMU's stdin, stdout and stderr, none of which blocks. */
struct guest {
	pid_t pid;
	int in, out, err;
};

/*
 * What QEMU is given: NULL-ended arguments, and the descriptors that they name.
 * @monitor is the other end of its QMP monitor, for monitor_new(), -1 when taken. @storage is
 * the id of the object that is the guest's storage, NULL if there is none.
 */
struct command {
	GPtrArray *arguments;
	GArray *fds;
	int monitor;
	char *storage;
};

/*
 * Put together the command line for a guest. Its files are open and its number
 * waits in a pipe from then on. Returns false with a sentence in @reason. Free
 * the command in either case.
 */
bool command_make(struct command *command, const struct config *config,
		  const struct start *start, char *reason);

/* The same for a QEMU with no machine, which only says what it can do. */
bool command_make_probe(struct command *command, const struct config *config, char *reason);
void command_free(struct command *command);

/*
 * Start QEMU in @directory. It dies with this process. Returns false with a
 * sentence in @reason.
 */
bool guest_spawn(struct guest *guest, const char *directory, const struct command *command,
		 char *reason);

/* Does nothing if guest_wait() has returned. */
void guest_kill(struct guest *guest);

/* Wait for the end of QEMU: its exit status, or 128 and a signal. */
int guest_wait(struct guest *guest);

#endif /* HOST_GUEST_H */
