/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process of this host, told apart from all others that ever were: a number
 * is given again after a while, but not with the same start since the same
 * boot.
 *
 * Facts: unix(7) (SO_PEERCRED, SO_PEERPIDFD), proc_pid_stat(5) (starttime),
 * pidfd_open(2).
 */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESS_BOOT_LENGTH	36

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD	77	/* the C library's headers may be older */
#endif

/* @pid: 0 for one that is not known; @start: in clock ticks; @boot: no NUL */
struct process {
	uint64_t pid;
	uint64_t start;
	char boot[PROCESS_BOOT_LENGTH];
};

/*
 * A descriptor of the process that connected the other end of @socket, by the
 * kernel's word; or a negative number: it has ended, or is in a PID namespace
 * that is not seen here. Where the kernel has SO_PEERPIDFD (Linux 6.5), it is
 * that process whenever this is called. Elsewhere, the number that it had is
 * looked up, so that this should be called as soon as it has connected.
 */
int process_open_peer(int socket);

/*
 * The process that @pidfd, of process_open_peer(), is of. It is not known if it
 * has ended, however its number is used by now.
 */
struct process process_of(int pidfd);

/* An unknown process is not the same as any. */
bool process_is_same(const struct process *a, const struct process *b);

/*
 * A descriptor that becomes readable when the process ends; -1: it has ended,
 * or is not known.
 */
int process_watch(const struct process *process);

#endif /* DAEMON_PROCESS_H */
