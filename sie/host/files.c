// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "request.h"

/* Without O_NONBLOCK, open() of a FIFO waits for the other end. */
#define FLAGS	(O_RDONLY | O_NONBLOCK | O_CLOEXEC)

static int open_beneath(const char *directory, const char *name)
{
	struct open_how how = {
		.flags = FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	int top = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (top < 0)
		return -1;
	fd = syscall(SYS_openat2, top, name, &how, sizeof(how));
	close(top);
	return fd;
}

static const char *sentence(int error)
{
	return error == ELOOP ? "symbolic links are not followed" : g_strerror(error);
}

int files_open(const struct config *config, const char *path, char *reason)
{
	const char *name = request_file(path);
	const char *elsewhere = g_hash_table_lookup(config->named, name);
	int fd = elsewhere ? open(elsewhere, FLAGS) : open_beneath(config->files, name);
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	g_snprintf(reason, REQUEST_REASON, "could not read '%.150s': %s", path,
		   fd < 0 ? sentence(errno) : "not a regular file");
	if (fd >= 0)
		close(fd);
	return -1;
}
