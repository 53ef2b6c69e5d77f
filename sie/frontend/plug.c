// SPDX-License-Identifier: GPL-2.0-only
#include "plug.h"

#include <stdio.h>
#include <string.h>

#include "report.h"

/* Path of QEMU's objects for devices that have an id */
#define PERIPHERAL	"/machine/peripheral/"

void plug_init(struct plug *plug, const struct kvm *kvm)
{
	memset(plug, 0, sizeof(*plug));
	plug->kvm = kvm;
	vfio_init(&plug->vfio);
}

bool plug_open(struct plug *plug, const struct device *device)
{
	if (!vfio_open(&plug->vfio, device, plug->kvm)) {
		vfio_close(&plug->vfio);
		return false;
	}
	plug->device = *device;
	return true;
}

bool plug_add(struct plug *plug, const char *list, char *reason, size_t size)
{
	struct device device;
	bool opened;

	if (!device_read(&device, list, reason, size))
		return false;
	if (vfio_is_open(&plug->vfio)) {
		snprintf(reason, size, "a guest has at most one vfio-ap device, and has vfio %s; "
			 "assign more queues to that instead", plug->vfio.name);
		return false;
	}
	report_into(reason, size);
	opened = plug_open(plug, &device);
	report_into(NULL, 0);
	if (opened && *reason)
		report("%s", reason);
	return opened;
}

bool plug_del(struct plug *plug, const char *id, char *reason, size_t size)
{
	if (!strncmp(id, PERIPHERAL, strlen(PERIPHERAL)))
		id += strlen(PERIPHERAL);
	if (!vfio_is_open(&plug->vfio) || !*id || strcmp(id, plug->device.id)) {
		snprintf(reason, size, "Device '%.64s' not found", id);
		return false;
	}
	plug_close(plug);
	return true;
}

void plug_close(struct plug *plug)
{
	vfio_close(&plug->vfio);
	memset(&plug->device, 0, sizeof(plug->device));
}
