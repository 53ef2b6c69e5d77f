// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervisor.h"

/*
 * Load a module. One whose name begins with '-' may fail, as the machine may
 * lack its devices.
 */
static void load(const char *name)
{
	bool wish = name[0] == '-';
	char path[256];
	int fd;

	name += wish;
	snprintf(path, sizeof(path), "/modules/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(125, "module %s is missing in the initramfs: %s", name, strerror(errno));
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST && !wish)
		fail(125, "the kernel does not load module %s: %s", name, strerror(errno));
	close(fd);
	unlink(path);
}

void modules_load(void)
{
	FILE *order = fopen("/modules/order", "re");
	char name[128];

	while (order && fgets(name, sizeof(name), order)) {
		name[strcspn(name, "\n")] = '\0';
		load(name);
	}
	if (order)
		fclose(order);
}
