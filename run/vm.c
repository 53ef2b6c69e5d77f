// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "process.h"
#include "protocol.h"
#include "status.h"

static const char *const ports[] = {
	[VM_CONTROL] = RUN_CONTROL,
	[VM_STDIN] = RUN_STDIN,
	[VM_STDOUT] = RUN_STDOUT,
	[VM_STDERR] = RUN_STDERR,
};

static const char *const common[] = {
	"-M", "s390-ccw-virtio", "-accel", "tcg", "-nodefaults", "-no-user-config", "-no-reboot",
	"-display", "none", "-object", "rng-builtin,id=rng", "-device", "virtio-rng-ccw,rng=rng",
	"-device", "virtio-serial-ccw",
};

void vm_init_foreign(struct vm *vm)
{
	*vm = (struct vm){ .argv = g_ptr_array_new_with_free_func(g_free) };
	for (int i = 0; i < VM_ENDS; i++)
		vm->fd[i] = vm->door[i] = -1;
}

void vm_init(struct vm *vm, const char *qemu)
{
	vm_init_foreign(vm);
	g_ptr_array_add(vm->argv, g_strdup(qemu));
	for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
		g_ptr_array_add(vm->argv, g_strdup(common[i]));
}

void vm_add(struct vm *vm, const char *option, const char *format, ...)
{
	va_list args;

	g_ptr_array_add(vm->argv, g_strdup(option));
	va_start(args, format);
	g_ptr_array_add(vm->argv, g_strdup_vprintf(format, args));
	va_end(args);
}

char *vm_escape(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, ",", -1);

	return g_strjoinv(",,", parts);
}

/*
 * The security model `none` gives files the owner and the mode that the command
 * demands, as far as this user may, and stores no other attributes.
 */
void vm_share(struct vm *vm, const char *tag, const char *path, const char *more)
{
	g_autofree char *escaped = vm_escape(path);

	vm_add(vm, "-fsdev", "local,id=%s,path=%s,security_model=none,multidevs=remap%s%s", tag, escaped,
		*more ? "," : "", more);
	vm_add(vm, "-device", "virtio-9p-ccw,fsdev=%s,mount_tag=%s", tag, tag);
}

/* Create a pair of sockets for each end; QEMU's sides are stored in @its. */
static bool make_ends(struct vm *vm, int *its)
{
	for (int i = 0; i < VM_ENDS; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			return complain("no socket for QEMU: %s", strerror(errno));
		fcntl(pair[0], F_SETFL, O_NONBLOCK);
		vm->fd[i] = pair[0];
		its[i] = pair[1];
		vm_add(vm, "-chardev", "socket,id=end%d,fd=%d", i, pair[1]);
		if (i == VM_CONSOLE)
			vm_add(vm, "-device", "sclpconsole,chardev=end%d", i);
		else
			vm_add(vm, "-device", "virtserialport,chardev=end%d,name=%s", i, ports[i]);
	}
	return true;
}

bool vm_start(struct vm *vm, const char *log)
{
	int its[VM_ENDS] = { -1, -1, -1, -1, -1 };
	int err = open(log, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	if (err < 0)
		return complain("%s: %s", log, strerror(errno));
	if (make_ends(vm, its)) {
		g_ptr_array_add(vm->argv, NULL);
		vm->qemu = process_start((char **)vm->argv->pdata, err, err, its, VM_ENDS);
	}
	for (int i = 0; i < VM_ENDS; i++)
		close(its[i]);
	close(err);
	return vm->qemu > 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * Return a socket that listens at @path, or -1 after a complaint.
 * directory_make() ensures that paths are short enough.
 */
static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)) && !listen(fd, 1))
		return fd;
	complain("%s: %s", path, strerror(errno));
	close_end(&fd);
	return -1;
}

bool vm_listen(struct vm *vm, const char *path)
{
	for (int i = 0; i < VM_CONSOLE; i++) {
		g_autofree char *own = g_strdup_printf("%s.%d", path, i), *escaped = vm_escape(own);

		vm->door[i] = listen_at(own);
		if (vm->door[i] < 0)
			return false;
		vm_add(vm, "-chardev", "socket,id=end%d,path=%s", i, escaped);
		vm_add(vm, "-device", "virtserialport,chardev=end%d,name=%s", i, ports[i]);
	}
	return true;
}

void vm_admit(struct vm *vm, enum vm_end end)
{
	vm->fd[end] = accept4(vm->door[end], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (vm->fd[end] < 0)
		return;
	close(vm->door[end]);
	vm->door[end] = -1;
}

void vm_end(struct vm *vm)
{
	if (!vm->argv)
		return;
	process_end(&vm->qemu, SIGKILL);
	for (int i = 0; i < VM_ENDS; i++) {
		close_end(&vm->fd[i]);
		close_end(&vm->door[i]);
	}
	g_clear_pointer(&vm->argv, g_ptr_array_unref);
}
