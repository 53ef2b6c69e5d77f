/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process of this host, told apart from all others that ever were: a number
 * is given again after a while, but not with the same start since the same
 * boot.
 *
 * Facts: unix(7) (SO_PEERCRED), proc_pid_stat(5) (starttime), pidfd_open(2).
 */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESS_BOOT_LENGTH	36

/* @pid: 0 for one that is not known; @start: in clock ticks; @boot: no NUL */
struct process {
	uint64_t pid;
	uint64_t start;
	char boot[PROCESS_BOOT_LENGTH];
};

/*
 * The process that connected the other end of @socket, by the kernel's word. It
 * is not known if it has ended, or is in a PID namespace that is not seen here.
 */
struct process process_of_peer(int socket);

/* An unknown process is not the same as any. */
bool process_same(const struct process *a, const struct process *b);

/*
 * A descriptor that becomes readable when the process ends; -1: it has ended,
 * or is not known.
 */
int process_watch(const struct process *process);

#endif /* DAEMON_PROCESS_H */
