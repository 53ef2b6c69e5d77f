// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets what is asked of the kernel lack memory: its first allocation fails, then its second, and
 * so on, until it makes none that has not failed once. Which allocations count is set up in
 * failslab's debugfs directory before; Documentation/fault-injection/fault-injection.rst of the
 * kernel has both.
 *
 *	fail_nth write FILE TEXT [UNDO-FILE UNDO-TEXT]
 *	fail_nth open DEVICE
 *
 * Says "N refused, N survived". A failure is refused by ENOMEM and nothing else, or survived: then
 * the operation is undone and asked for again. In the end it is done, and all else ends the
 * program with status 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sie/frontend/kvm.h"
#include "sie/frontend/vfio.h"

#define MOST	1000	/* allocations of an operation */

static char **arguments;
static struct kvm kvm;
static struct vfio vfio;

/* Each returns 0, or -1 with errno. */
static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int rc, error;

	if (fd < 0)
		return -1;
	rc = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

static int do_write(void)
{
	return write_text(arguments[0], arguments[1]);
}

static int undo_write(void)
{
	return arguments[2] && arguments[3] ? write_text(arguments[2], arguments[3]) : 0;
}

/* A device that can be opened: its group, its container and a VM stay. */
static bool prepare_open(void)
{
	static struct device device;

	snprintf(device.text, sizeof(device.text), "%s", arguments[0]);
	snprintf(device.sysfsdev, sizeof(device.sysfsdev), "%s", arguments[0]);
	return kvm_open(&kvm) && vfio_attach(&vfio, &device, &kvm) && !close(vfio.device);
}

static int do_open(void)
{
	vfio.device = ioctl(vfio.group, VFIO_GROUP_GET_DEVICE_FD, vfio.name);
	return vfio.device < 0 ? -1 : 0;
}

static int undo_open(void)
{
	return close(vfio.device);
}

static const struct operation {
	const char *name;
	int arguments;
	bool (*prepare)(void);	/* reports what fails */
	int (*act)(void);
	int (*undo)(void);
} operations[] = {
	{ "write", 2, NULL, do_write, undo_write },
	{ "open", 1, prepare_open, do_open, undo_open },
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* arm: the @nth allocation of this thread will fail; 0: none. */
static void arm(int switch_fd, int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	if (pwrite(switch_fd, text, strlen(text), 0) < 0)
		die("fail-nth");
}

/* Has the allocation failed that it was armed for? Also disarms. */
static bool has_failed(int switch_fd)
{
	char text[16] = "";

	if (pread(switch_fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	arm(switch_fd, 0);
	return atoi(text) == 0;
}

/* Returns with the operation done. */
static void run(const struct operation *operation, int switch_fd)
{
	int refused = 0, survived = 0;

	for (int nth = 1; nth <= MOST; nth++) {
		int rc, error;

		arm(switch_fd, nth);
		rc = operation->act();
		error = errno;
		if (!has_failed(switch_fd)) {
			errno = error;
			if (rc)
				die(operation->name);
			printf("%d refused, %d survived\n", refused, survived);
			return;
		}
		errno = error;
		if (rc && errno != ENOMEM)
			die("for lack of memory");
		refused += !!rc;
		survived += !rc;
		if (!rc && operation->undo())
			die("undo");
	}
	fprintf(stderr, "%s: more than %d allocations\n", operation->name, MOST);
	exit(1);
}

int main(int argc, char *argv[])
{
	int switch_fd = open("/proc/thread-self/fail-nth", O_RDWR);

	if (switch_fd < 0)
		die("/proc/thread-self/fail-nth");
	for (size_t i = 0; argc > 1 && i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (strcmp(argv[1], operations[i].name) || argc < 2 + operations[i].arguments)
			continue;
		arguments = argv + 2;
		if (operations[i].prepare && !operations[i].prepare())
			return 1;
		run(&operations[i], switch_fd);
		return 0;
	}
	fprintf(stderr, "usage: fail_nth write FILE TEXT [UNDO-FILE UNDO-TEXT] | open DEVICE\n");
	return 2;
}
