/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process of this host, identified across the reuse of process IDs and across
 * reboots: an ID is used again after some time, but not with the same start
 * time since the same boot.
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

/*
 * @pid: 0 if the process is not known
 * @start: in clock ticks since @boot
 * @boot: ID of the boot, without a terminating NUL
 */
struct process {
	uint64_t pid;
	uint64_t start;
	char boot[PROCESS_BOOT_LENGTH];
};

/*
 * Return a pidfd of the process that connected the other end of @socket, as the
 * kernel reports it; the caller closes it. Return a negative number if the
 * process has ended, or is in a PID namespace that is not visible here. Where
 * the kernel has SO_PEERPIDFD (Linux 6.5), this may be called at any time.
 * Elsewhere the pidfd is looked up by the ID that the process had when it
 * connected, so this should be called as soon as it has.
 */
int process_open_peer(int socket);

/*
 * Return the process that @pidfd, from process_open_peer(), refers to. If that
 * has ended, return an unknown process, even if its ID is in use again.
 */
struct process process_of(int pidfd);

/*
 * Return whether @a and @b are the same process. An unknown process is not the
 * same as any.
 */
bool process_is_same(const struct process *a, const struct process *b);

/*
 * Return a descriptor, which the caller closes, that becomes readable when the
 * process ends; or -1 if it has ended or is not known.
 */
int process_watch(const struct process *process);

#endif /* DAEMON_PROCESS_H */
