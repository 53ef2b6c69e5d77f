/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the control socket.
 */
#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include <stdio.h>

#include "cex.h"
#include "status.h"

/*
 * Execute @line, which is spoilt, and write the answer to @out. True: the answer
 * has only begun, and all steps of @status are the rest of it.
 */
bool control_command(struct cex_machine *machine, char *line, FILE *out,
		     struct status *status);

#endif /* CONTROL_COMMAND_H */
