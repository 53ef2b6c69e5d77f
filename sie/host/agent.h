/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's end of a guest's agent port: the FIFOs agent.in and agent.out in
 * the folder RUN/NAME.agent. See PROTOCOL.
 */
#ifndef AGENT_H
#define AGENT_H

#include <glib.h>
#include <stdbool.h>

#include "request.h"

/*
 * Make the folder of guest @name. Returns a descriptor that holds the folder
 * until it is closed, or -1 with a sentence in @reason: a guest of this name
 * is running, or there is a file error.
 */
int agent_create(const char *run, const char *name, char *reason);
void agent_remove(const char *run, const char *name, int folder);

/*
 * Run a command in a guest, giving up if the peer of @connection goes away.
 * Returns the status that the guest's sh gave and its output, or -1 with a
 * sentence in @reason.
 */
int agent_exec(const char *run, const struct exec *exec, int connection,
	       GByteArray *output, char *reason);

/* Have the AP bus of a guest look for its queues again, without waiting for it. */
void agent_rescan(const char *run, const char *name);

#endif /* AGENT_H */
