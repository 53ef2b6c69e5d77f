// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

#define LONGEST_ORDER	65536	/* of /modules/order */

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

/*
 * Load a group in a process of its own. Under emulation, the kernel takes long
 * to check a module and its types, and each CPU can do so for another group.
 */
static void load_beside(char *group)
{
	pid_t child = fork();

	if (child < 0)
		fail(125, "no process to load modules: %s", strerror(errno));
	if (child)
		return;
	for (char *rest, *name = strtok_r(group, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest))
		load(name);
	_exit(0);
}

/* Wait for the processes that load; one that fails ends the VM by itself. */
static void await_all(void)
{
	int how;

	while (wait(&how) > 0) {
		if (how)
			fail(125, "a process that loads modules has ended with status %d", how);
	}
}

void modules_load(void)
{
	char order[LONGEST_ORDER] = "", *behind;
	int fd = open("/modules/order", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, order, sizeof(order) - 1) == sizeof(order) - 1)
		fail(125, "the initramfs has too many modules");
	close(fd);
	for (char *group = order; (behind = strstr(group, "\n\n")); group = behind + 2) {
		*behind = '\0';
		load_beside(group);
	}
	await_all();
}
