// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "change.h"
#include "fence.h"
#include "mdev.h"

int change_active(const struct context *context, const struct machine *machine,
		  const struct device *device, const struct matrix *matrix)
{
	struct fence *fence = fence_load(context->root);
	unsigned int found = fence_check(fence, machine, device->uuid, device->name, matrix,
					 context->err);
	int rc = found && context->options.fence ? -EKEYREJECTED : 0;

	if (!rc)
		rc = mdev_change(context->root, device->uuid, &device->assigned, matrix,
				 context->err);
	if (!rc) {
		fence_given(fence, machine, device->uuid, device->name, matrix);
		fence_save(fence, context->err);
	}
	fence_free(fence);
	return rc;
}
