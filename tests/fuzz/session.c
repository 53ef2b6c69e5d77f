// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes from the supervisor of a VM of swcex run, which the command in the VM
 * may have taken over, and then the end of the VM. The session ends, with the
 * status of the VM or of a command.
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
	int its[VM_ENDS], signals = session_signals();
	struct session session = {
		.name = "the VM", .vm = &vm, .order = order, .console = &console, .limits = &limits,
		.stream = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO },
	}, *sessions[] = { &session };

	for (int i = 0; i < VM_ENDS; i++) {
		int pair[2];

		promised(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
		vm.fd[i] = pair[0];
		vm.door[i] = -1;
		its[i] = pair[1];
	}
	promised(write(its[VM_CONTROL], data, size) == (ssize_t)size);
	for (int i = 0; i < VM_ENDS; i++)
		close(its[i]);
	session_begin(&session);
	sessions_serve(sessions, 1, NULL, NULL, signals);
	promised(session.survived ? session.status >= 0 && session.status <= 255 :
				    session.status == STATUS_VM || session.status == STATUS_OURS);
	for (int i = 0; i < VM_ENDS; i++)
		close(vm.fd[i]);
	close(signals);
	g_byte_array_unref(order);
	return 0;
}
