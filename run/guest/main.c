// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/protocol.h"
#include "supervisor.h"

#define SENTENCE	1024

void power_off(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void fail(int status, const char *format, ...)
{
	char sentence[SENTENCE] = { status };
	va_list args;

	va_start(args, format);
	vsnprintf(sentence + 1, sizeof(sentence) - 1, format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "supervisor: %s\n", sentence + 1);
	if (control_port >= 0)
		control_send(RUN_REFUSED, sentence, 1 + strlen(sentence + 1));
	power_off();
}

static void mount_own(const char *type, const char *target)
{
	if (mkdir(target, 0755) && errno != EEXIST)
		fail(125, "%s cannot be made: %s", target, strerror(errno));
	if (mount(type, target, type, 0, NULL))
		fail(125, "%s cannot be mounted: %s", target, strerror(errno));
}

/*
 * Open /dev/console. The kernel has done so before devtmpfs was mounted, but
 * only if the initramfs contains one.
 */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	for (int i = 0; fd >= 0 && i < 3; i++) {
		if (fd != i)
			dup2(fd, i);
	}
	if (fd > 2)
		close(fd);
}

int main(void)
{
	struct order order = { 0 };

	mount_own("devtmpfs", "/dev");
	open_console();
	mount_own("proc", "/proc");
	mount_own("sysfs", "/sys");
	modules_load();
	control_open();
	command_open();
	order_receive(&order);
	network_loopback();
	if (order.name && sethostname(order.name, strlen(order.name)))
		fail(125, "the VM gets no name: %s", strerror(errno));
	command_run(&order);
	power_off();
}
