// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "claim.h"
#include "definition.h"
#include "fence.h"
#include "locked.h"
#include "mdev.h"
#include "start.h"
#include "which.h"

/*
 * Start the device. With --fence, this fails if another device's master keys
 * would come with its domains.
 */
static int start_fenced(const struct context *context, const struct machine *machine,
			const struct definition *definition)
{
	struct fence *fence = fence_load(context->root);
	unsigned int found;
	int rc;

	fence_adopt(fence, machine, context->err);
	found = fence_check(fence, machine, definition->uuid, definition->name,
			    &definition->matrix, context->err);
	rc = found && context->options.fence ? -EKEYREJECTED : 0;

	if (!rc)
		rc = mdev_start(context->root, definition->uuid, &definition->matrix, context->err);
	if (!rc) {
		fence_given(fence, machine, definition->uuid, definition->name,
			    &definition->matrix);
		fence_save(fence, context->err);
	}
	fence_free(fence);
	return rc;
}

/* Start a device. Return 0, or -errno after a message. */
static int start_device(const struct context *context, const struct machine *machine,
			const char *uuid)
{
	struct definition *definition = definition_read(context->root, uuid);
	int rc;

	if (machine_device(machine, uuid)) {
		fprintf(context->err, "apctl: %s is active already\n", context->words[0]);
		rc = -EEXIST;
	} else if (!machine->vfio_ap) {
		fputs("apctl: vfio_ap is not loaded; `modprobe vfio_ap` loads it\n", context->err);
		rc = -ENODEV;
	} else {
		rc = claim_check(machine, uuid, &definition->matrix, context->err) ?:
		     start_fenced(context, machine, definition);
	}
	definition_free(definition);
	return rc;
}

/*
 * Stop a device. One that a guest uses is refused, as the kernel would wait for
 * the end of the guest.
 */
static int stop_device(const struct context *context, const struct machine *machine,
		       const char *uuid)
{
	const struct device *device = machine_device(machine, uuid);
	struct fence *fence;
	int rc;

	if (!device) {
		fprintf(context->err, "apctl: %s is not active\n", context->words[0]);
		return -ENOENT;
	}
	if (device->running || mdev_is_open(context->root, uuid)) {
		fprintf(context->err, "apctl: a guest uses %s; shut it down, or detach the device from it (virsh detach-device, device_del)\n",
			device->name);
		return -EBUSY;
	}
	fence = fence_load(context->root);
	fence_adopt(fence, machine, context->err);
	rc = mdev_stop(context->root, uuid, context->err);
	if (!rc)
		fence_save(fence, context->err);
	fence_free(fence);
	return rc;
}

struct action {
	int (*act)(const struct context *context, const struct machine *machine, const char *uuid);
};

static int act_on_named(struct context *context, const struct machine *machine, void *arg)
{
	g_autofree char *uuid = which_device(machine, context->words[0], context->err);
	const struct action *action = arg;

	return uuid && !action->act(context, machine, uuid) ? EXIT_DONE : EXIT_REFUSED;
}

int start(struct context *context)
{
	struct action action = { start_device };

	return locked(context, &action, act_on_named);
}

int stop(struct context *context)
{
	struct action action = { stop_device };

	return locked(context, &action, act_on_named);
}
