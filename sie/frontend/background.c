// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/* Descriptor to the process that waits; -1 if there is none */
static int waiting = -1;

static bool fail(const char *what)
{
	return report("%s: %s", what, strerror(errno));
}

static void __attribute__((noreturn)) await(int end)
{
	char byte;

	_exit(read(end, &byte, 1) != 1);
}

bool background_enter(void)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return fail("no pipe");
	pid = fork();
	if (pid < 0)
		return fail("no process");
	if (pid) {
		close(ends[1]);
		await(ends[0]);
	}
	close(ends[0]);
	waiting = ends[1];
	return setsid() >= 0 || fail("no session");
}

/* Standard streams become /dev/null, because the terminal is no longer used. */
bool background_ready(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return fail("/dev/null");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (dup2(null, fd) < 0)
			return fail("/dev/null");
	}
	close(null);
	if (write(waiting, "", 1) != 1)
		return fail("nobody waits");
	close(waiting);
	return true;
}

bool background_write_pid(const char *path)
{
	FILE *file = fopen(path, "we");
	bool written;

	if (!file)
		return fail(path);
	written = fprintf(file, "%d\n", getpid()) > 0;
	return (!fclose(file) && written) || fail(path);
}
