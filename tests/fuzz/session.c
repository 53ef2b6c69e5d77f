// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes from the supervisor of a VM of swcex run, which the VM's command may have taken over,
 * and then the end of the VM: the session ends, with a status that is the VM's or a command's.
 *
 * runs: 5000
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run/session.h"
#include "run/status.h"
#include "fuzz.h"

static void begun(void *data)
{
	(void)data;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	promised(freopen("/dev/null", "r", stdin));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct limits limits = { .boot = 10, .begun = begun };
	struct console console = { .fd = -1, .file = -1 };
	GByteArray *order = g_byte_array_new();
	struct vm vm = { .qemu = 0 };
	int its[VM_ENDS], signals = session_signals(), status;
	bool survived;

	for (int i = 0; i < VM_ENDS; i++) {
		int pair[2];

		promised(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
		vm.fd[i] = pair[0];
		its[i] = pair[1];
	}
	promised(write(its[VM_CONTROL], data, size) == (ssize_t)size);
	for (int i = 0; i < VM_ENDS; i++)
		close(its[i]);
	status = session_serve(&vm, order, &console, signals, &limits, &survived);
	promised(survived ? status >= 0 && status <= 255 : status == STATUS_VM || status == STATUS_OURS);
	for (int i = 0; i < VM_ENDS; i++)
		close(vm.fd[i]);
	close(signals);
	g_byte_array_unref(order);
	return 0;
}
