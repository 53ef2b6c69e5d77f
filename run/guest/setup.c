// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervisor.h"

#define PATIENCE_MS	10000
#define STEP_MS		5
#define MOUNT_WORDS	5
#define PARTITIONS	15

bool setup_directory(const char *path)
{
	char copy[4096];

	if (strlen(path) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(copy, path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0755);
		*slash = '/';
	}
	return !mkdir(copy, 0755) || errno == EEXIST;
}

static void make_directory(const char *path)
{
	if (!setup_directory(path))
		fail(125, "the directory %s cannot be made: %s", path, strerror(errno));
}

static void wait_for(const char *path)
{
	for (int waited = 0; access(path, F_OK); waited += STEP_MS) {
		if (waited >= PATIENCE_MS)
			fail(125, "%s does not appear", path);
		usleep(STEP_MS * 1000);
	}
}

/*
 * Create the target of a mount. That is a file if a file is bound to it, else a
 * directory.
 */
static void make_target(const char *source, const char *target, bool bind)
{
	struct stat status;
	int fd;

	if (!bind || stat(source, &status) || S_ISDIR(status.st_mode)) {
		make_directory(target);
		return;
	}
	fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		fail(125, "%s cannot be made: %s", target, strerror(errno));
	close(fd);
}

static void mount_one(const char *value)
{
	char *text = strdup(value), *rest = text, *word[MOUNT_WORDS] = { NULL };
	unsigned long flags = 0;

	for (int i = 0; i < MOUNT_WORDS && rest; i++)
		word[i] = strsep(&rest, "\t");
	if (!word[MOUNT_WORDS - 1])
		fail(125, "a mount is not told as it should be: %s", value);
	if (!strcmp(word[3], "ro"))
		flags = MS_RDONLY;
	else if (!strcmp(word[3], "bind"))
		flags = MS_BIND | MS_REC;
	make_target(word[1], word[2], flags & MS_BIND);
	if (mount(word[1], word[2], word[0], flags, *word[4] ? word[4] : NULL))
		fail(125, "%s of type %s cannot be mounted at %s: %s",
		     word[1], word[0], word[2], strerror(errno));
	free(text);
}

/*
 * Split @value at its tab. Return the first part, which the caller frees.
 * @second is set to the rest, which is freed with it.
 */
static char *split(const char *value, char **second)
{
	char *first = strdup(value);

	*second = first ? strchr(first, '\t') : NULL;
	if (!*second)
		fail(125, "what is to be set up is not told as it should be: %s", value);
	*(*second)++ = '\0';
	return first;
}

static void make_link(const char *value)
{
	char *path, *target = split(value, &path);

	if (symlink(target, path) && errno != EEXIST)
		fail(125, "%s cannot be made: %s", path, strerror(errno));
	free(target);
}

/* Write a file. An existing one is replaced, which may be a link to nowhere. */
static void write_file(const char *value)
{
	char *text, *path = split(value, &text);
	int fd;

	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(125, "%s cannot be written: %s", path, strerror(errno));
	close(fd);
	free(path);
}

/*
 * Return whether a root file system is mounted at @target, judging by files of
 * which every root has at least one.
 */
static bool is_root(const char *target)
{
	static const char *const signs[] = { "sbin/init", "bin/sh", "usr/bin/sh" };
	char path[4096];
	struct stat status;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", target, signs[i]);
		if (!lstat(path, &status))
			return true;
	}
	return false;
}

/*
 * Mount a file system that may have a root, and return whether it has one.
 * Distributions name the subvolume of btrfs with their root like this; a plain
 * file system has no subvolume.
 */
static bool mount_root(const char *device, const char *target)
{
	static const struct {
		const char *type, *options;
	} ways[] = {
		{ "ext4", NULL }, { "xfs", NULL }, { "btrfs", "subvol=root" }, { "btrfs", "subvol=@" },
		{ "btrfs", NULL },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (mount(device, target, ways[i].type, 0, ways[i].options))
			continue;
		if (is_root(target))
			return true;
		umount(target);
	}
	return false;
}

/*
 * Mount the partition that has a root. The disk itself is tried first, as it
 * may be a single file system.
 */
static void mount_partition(const char *value)
{
	char *target, *disk = split(value, &target);
	char device[256];

	make_directory(target);
	for (int i = 0; i <= PARTITIONS; i++) {
		snprintf(device, sizeof(device), i ? "%s%d" : "%s", disk, i);
		if (!access(device, F_OK) && mount_root(device, target)) {
			free(disk);
			return;
		}
	}
	fail(125, "the image has no partition of ext4, xfs or btrfs with a root file system; of LVM, RAID or an encrypted one, give a tarball of the files");
}

/*
 * Change the root as switch_root(8) does, but without freeing the few hundred
 * KiB of the initramfs.
 */
static void enter(const char *root)
{
	if (chdir(root) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		fail(125, "%s cannot become the root: %s", root, strerror(errno));
}

static bool adapters_are_bound(void)
{
	char said[64] = "";
	int fd = open("/sys/bus/ap/bindings", O_RDONLY | O_CLOEXEC);

	/* Kernels before 5.13 do not report it. */
	if (fd < 0)
		return true;
	if (read(fd, said, sizeof(said) - 1) < 0)
		said[0] = '\0';
	close(fd);
	return strstr(said, "complete");
}

static void wait_for_adapters(void)
{
	for (int waited = 0; !adapters_are_bound(); waited += STEP_MS) {
		if (waited >= PATIENCE_MS) {
			dprintf(STDERR_FILENO, "supervisor: not all queues have a driver\n");
			return;
		}
		usleep(STEP_MS * 1000);
	}
}

void setup_field(const char *name, size_t length, const char *value)
{
	if (!strncmp(name, "directory=", length + 1))
		make_directory(value);
	else if (!strncmp(name, "wait=", length + 1))
		wait_for(value);
	else if (!strncmp(name, "mount=", length + 1))
		mount_one(value);
	else if (!strncmp(name, "partition=", length + 1))
		mount_partition(value);
	else if (!strncmp(name, "link=", length + 1))
		make_link(value);
	else if (!strncmp(name, "file=", length + 1))
		write_file(value);
	else if (!strncmp(name, "address=", length + 1))
		network_address(value);
	else if (!strncmp(name, "adapters=", length + 1))
		wait_for_adapters();
	else if (!strncmp(name, "root=", length + 1))
		enter(value);
	else if (!strncmp(name, "systemd=", length + 1))
		init_systemd();
	else
		fail(125, "this supervisor cannot set up %.*s", (int)length, name);
}
