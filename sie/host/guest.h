/* SPDX-License-Identifier: GPL-2.0-only */
/* The QEMU that runs a guest. */
#ifndef GUEST_H
#define GUEST_H

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
 * The arguments that QEMU is given, NULL-ended; NULL with a sentence in
 * @reason if a file cannot be read. Free with g_strfreev().
 */
char **guest_arguments(const struct config *config, const struct start *start, char *reason);

/*
 * Start QEMU in the folder config->run. It dies with this process. Returns
 * false with a sentence in @reason.
 */
bool guest_spawn(struct guest *guest, const struct config *config, char **arguments,
		 char *reason);

/* Does nothing if guest_wait() has returned. */
void guest_kill(struct guest *guest);

/* Wait for the end of QEMU: its exit status, or 128 and a signal. */
int guest_wait(struct guest *guest);

#endif /* GUEST_H */
