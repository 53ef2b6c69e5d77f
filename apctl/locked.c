// SPDX-License-Identifier: GPL-2.0-only
#include "lock.h"
#include "locked.h"

int locked(struct context *context, void *arg,
	   int (*act)(struct context *context, const struct machine *machine, void *arg))
{
	struct machine *machine;
	int status = EXIT_REFUSED;

	if (lock_take(context->root, context->err))
		return EXIT_REFUSED;
	machine = machine_read(context->root, context->err);
	if (machine) {
		status = act(context, machine, arg);
		machine_free(machine);
	}
	lock_release(context->root);
	return status;
}
