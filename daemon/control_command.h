/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the control socket.
 */
#ifndef DAEMON_CONTROL_COMMAND_H
#define DAEMON_CONTROL_COMMAND_H

#include <stdio.h>

#include "cex/cex.h"
#include "status.h"

enum control_answer {
	ANSWER_AT_ONCE,
	ANSWER_IN_STEPS,	/* those of the status are the rest of it */
	ANSWER_WHEN_SAVED,	/* what it tells is to outlive the process */
};

/*
 * Execute @line, which is spoilt, and write the answer, or its beginning, to
 * @out.
 */
enum control_answer control_command(struct cex_machine *machine, char *line,
				    FILE *out, struct status *status);

#endif /* DAEMON_CONTROL_COMMAND_H */
