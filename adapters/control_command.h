/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the control socket.
 */
#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include <stdio.h>

#include "cex.h"
#include "status.h"

enum control_answer {
	ANSWER_AT_ONCE,
	ANSWER_IN_STEPS,	/* those of the status are the rest of it */
	ANSWER_WHEN_KEPT,	/* what it tells is to outlive the process */
};

/*
 * Execute @line, which is spoilt, and write the answer, or its beginning, to
 * @out.
 */
enum control_answer control_command(struct cex_machine *machine, char *line,
				    FILE *out, struct status *status);

#endif /* CONTROL_COMMAND_H */
