// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "supervisor.h"

#define PORTS		"/sys/class/virtio-ports"
#define PATIENCE_MS	20000
#define STEP_MS		5

/*
 * Return whether the port has this name. It gets its name some time after it
 * appears.
 */
static bool has_name(const char *port, const char *name)
{
	char path[512], said[128] = "";
	FILE *file;

	snprintf(path, sizeof(path), PORTS "/%s/name", port);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(said, sizeof(said), file))
		said[0] = '\0';
	fclose(file);
	said[strcspn(said, "\n")] = '\0';
	return !strcmp(said, name);
}

static int find_and_open(const char *name)
{
	DIR *ports = opendir(PORTS);
	struct dirent *entry;
	int fd = -1;

	while (ports && fd < 0 && (entry = readdir(ports))) {
		char path[512];

		if (!has_name(entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	}
	if (ports)
		closedir(ports);
	return fd;
}

int port_open(const char *name)
{
	for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
		int fd = find_and_open(name);

		if (fd >= 0)
			return fd;
		usleep(STEP_MS * 1000);
	}
	fail(125, "the virtio port %s does not appear", name);
}
