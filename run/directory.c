// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "status.h"

#define TEMPLATE	"swcex-run.XXXXXX"
#define LONGEST_NAME	16	/* longest name of a socket in the directory */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path) && errno != ENOENT;
}

/*
 * Run the keeper. It holds no file of the caller's open, and is not killed by
 * signals to the caller's processes.
 */
static void keep(int fd, const char *path)
{
	char word;
	int null = open("/dev/null", O_RDWR);
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (chdir("/"))
		_exit(1);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (read(fd, &word, 1) == 1)
		_exit(0);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	_exit(0);
}

static bool start_keeper(struct directory *directory)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return false;
	directory->pid = fork();
	if (directory->pid < 0)
		return false;
	if (!directory->pid) {
		close(ends[1]);
		keep(ends[0], directory->path);
	}
	close(ends[0]);
	directory->keeper = ends[1];
	return true;
}

static const char *place(void)
{
	const char *runtime = g_getenv("XDG_RUNTIME_DIR");

	return runtime && *runtime && !access(runtime, W_OK | X_OK) ? runtime : g_get_tmp_dir();
}

bool directory_make(struct directory *directory)
{
	size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);

	directory->keeper = -1;
	directory->path = g_build_filename(place(), TEMPLATE, NULL);
	if (strlen(directory->path) + LONGEST_NAME >= room)
		return complain("%s is too long a path for a socket; point TMPDIR elsewhere", directory->path);
	if (!g_mkdtemp(directory->path))
		return complain("%s cannot be made: %s; point TMPDIR elsewhere",
				directory->path, strerror(errno));
	return start_keeper(directory) || complain("no process can be started: %s", strerror(errno));
}

char *directory_file(const struct directory *directory, const char *name)
{
	return g_build_filename(directory->path, name, NULL);
}

void directory_end(struct directory *directory, bool keep)
{
	if (directory->keeper >= 0) {
		if (keep && write(directory->keeper, "k", 1) == 1)
			fprintf(stderr, "swcex run: the run's files are in %s\n", directory->path);
		close(directory->keeper);
		waitpid(directory->pid, NULL, 0);
	}
	g_clear_pointer(&directory->path, g_free);
}
