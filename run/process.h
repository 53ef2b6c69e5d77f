/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that end with this one, whatever ends it. */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Start a program in a session of its own, so that a terminal's signals do not reach it, with
 * an empty standard input, and @out and @err as its output; -1 is /dev/null. It inherits the
 * @count descriptors of @passed, under the same numbers. Returns its process, or -1 after a
 * complaint.
 */
pid_t process_start(char *const *argv, int out, int err, const int *passed, int count);

/* Make it end by a signal, and wait for that. Does nothing for a process of 0 or less. */
void process_end(pid_t *pid, int signal);

/*
 * Run a script to its end, in this one's session; it and what it has started get a SIGINT when
 * a signal ends this one. Returns what it wrote to its standard output, which the caller frees,
 * or NULL when it failed, about which it has said something itself.
 */
char *process_output(char **argv, char **environment);

#endif /* RUN_PROCESS_H */
