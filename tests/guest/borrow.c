// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "borrow.h"

#define DESCRIPTORS	64	/* that are looked at */

int borrow(int pid, const char *name)
{
	int process = syscall(SYS_pidfd_open, pid, 0), fd = -1;
	char path[64], target[64];

	for (int i = 0; i < DESCRIPTORS && fd < 0; i++) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, i);
		length = readlink(path, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		if (!strcmp(target, name))
			fd = syscall(SYS_pidfd_getfd, process, i, 0);
	}
	close(process);
	return fd;
}
