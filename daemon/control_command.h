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
	ANSWER_IN_STEPS,	/* status_step() writes the rest */
	ANSWER_WHEN_SAVED,	/* its effect must outlive the process */
};

/*
 * Execute the command in @line, and write the answer, or its beginning, to
 * @out. @line is modified. For ANSWER_IN_STEPS, @status is ready for
 * status_step().
 */
enum control_answer control_command(struct cex_machine *machine, char *line,
				    FILE *out, struct status *status);

/* Return the name of command number @n, from 0, or NULL behind the last. */
const char *control_command_name(size_t n);

#endif /* DAEMON_CONTROL_COMMAND_H */
