// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"

#define FIELDS_TO_START	20	/* from field 3, the state, to field 22 */

static bool read_start(FILE *stat, uint64_t *start)
{
	char line[1024], *field;

	if (!fgets(line, sizeof(line), stat))
		return false;
	/* The program's name, in parentheses, may contain any character. */
	field = strrchr(line, ')');
	for (int i = 0; field && i < FIELDS_TO_START; i++)
		field = strchr(field + 1, ' ');
	return field && sscanf(field, " %" SCNu64, start) == 1;
}

static bool start_of(uint64_t pid, uint64_t *start)
{
	char path[64];
	bool known;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/stat", pid);
	stat = fopen(path, "re");
	known = stat && read_start(stat, start);
	if (stat)
		fclose(stat);
	return known;
}

static bool read_boot(char boot[PROCESS_BOOT_LENGTH])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	bool known = fd >= 0 && read(fd, boot, PROCESS_BOOT_LENGTH) ==
				PROCESS_BOOT_LENGTH;

	if (fd >= 0)
		close(fd);
	return known;
}

static struct process process_now(uint64_t pid)
{
	struct process process = { .pid = pid };

	if (!pid || !start_of(pid, &process.start) || !read_boot(process.boot))
		process = (struct process){ 0 };
	return process;
}

int process_open_peer(int socket)
{
	struct ucred peer = { 0 };
	socklen_t length = sizeof(int);
	int fd;

	if (!getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &fd, &length))
		return fd;
	if (errno != ENOPROTOOPT)
		return -1;
	length = sizeof(peer);
	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) ||
	    !peer.pid)
		return -1;
	return pidfd_open(peer.pid, 0);
}

/*
 * Return the process ID of @pidfd, or 0. The kernel reports -1 for a process
 * that has been reaped.
 */
static uint64_t pid_of(int pidfd)
{
	char path[64], line[128];
	int64_t pid = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "Pid: %" SCNd64, &pid) == 1)
			break;
	if (info)
		fclose(info);
	return pid > 0 ? pid : 0;
}

/*
 * The pidfd of a process that has ended is readable, even before it is reaped.
 */
static bool has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0);
}

/*
 * The process ID is not used again while the process has not ended; so that is
 * checked last.
 */
struct process process_of(int pidfd)
{
	struct process process = { 0 };

	if (pidfd >= 0)
		process = process_now(pid_of(pidfd));
	return process.pid && !has_ended(pidfd) ? process :
						  (struct process){ 0 };
}

bool process_is_same(const struct process *a, const struct process *b)
{
	return a->pid && a->pid == b->pid && a->start == b->start &&
	       !memcmp(a->boot, b->boot, sizeof(a->boot));
}

int process_watch(const struct process *process)
{
	int fd = process->pid ? pidfd_open(process->pid, 0) : -1;
	struct process now = process_of(fd);

	if (process_is_same(process, &now))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}
