// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"

#define FIELDS_TO_START	20	/* from the state, field 3, to field 22 */

static bool read_start(FILE *stat, uint64_t *start)
{
	char line[1024], *field;

	if (!fgets(line, sizeof(line), stat))
		return false;
	/* The program's name, in parentheses, may have any character in it. */
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

struct process process_of_peer(int socket)
{
	struct ucred peer = { 0 };
	socklen_t length = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return (struct process){ 0 };
	return process_now(peer.pid);
}

bool process_same(const struct process *a, const struct process *b)
{
	return a->pid && a->pid == b->pid && a->start == b->start &&
	       !memcmp(a->boot, b->boot, sizeof(a->boot));
}

int process_watch(const struct process *process)
{
	int fd = process->pid ? pidfd_open(process->pid, 0) : -1;
	struct process now;

	if (fd < 0)
		return -1;
	/* Once it is held, its number cannot be given to another. */
	now = process_now(process->pid);
	if (process_same(process, &now))
		return fd;
	close(fd);
	return -1;
}
