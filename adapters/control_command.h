/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the control socket.
 */
#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include <stdio.h>

#include "cex.h"

/* Execute @line, which is spoilt, and write the whole answer to @out. */
void control_command(struct cex_machine *machine, char *line, FILE *out);

#endif /* CONTROL_COMMAND_H */
