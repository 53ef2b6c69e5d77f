/* SPDX-License-Identifier: GPL-2.0-only */
/* Child processes that end when this one ends for any reason. */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Start a program in a session of its own, so that it does not get a terminal's
 * signals. Its standard input is empty, @out and @err are its output, and -1
 * means /dev/null. It inherits the @count descriptors of @passed under the same
 * numbers. Return the process ID, or -1 after a complaint.
 */
pid_t process_start(char *const *argv, int out, int err, const int *passed, int count);

/*
 * Terminate the process by @signal, and wait for its end. A process ID of 0 or
 * less is ignored.
 */
void process_end(pid_t *pid, int signal);

/*
 * Run a script in the session of this process, and wait for its end. If a
 * signal ends this process, the script and its children get a SIGINT. Return
 * the script's standard output, which the caller frees. Return NULL if the
 * script failed; it has printed the reason itself.
 */
char *process_output(char **argv, char **environment);

#endif /* RUN_PROCESS_H */
