/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's end of a guest's agent port: FIFOs in the guest's directory. See
 * PROTOCOL.
 */
#ifndef HOST_AGENT_H
#define HOST_AGENT_H

#include <glib.h>
#include <stdbool.h>

#include "request.h"

/*
 * Run a command in a guest, but give up if the peer of @connection closes it.
 * Return the status from the guest's sh, with its output in @output, or return
 * -1 with a sentence in @reason, in particular if the guest is reset meanwhile.
 */
int agent_exec(const char *run, const struct exec *exec, int connection,
	       GByteArray *output, char *reason);

/* End the command that a guest is executing, because it has been reset. */
void agent_cancel(const char *run, const char *name);

#endif /* HOST_AGENT_H */
