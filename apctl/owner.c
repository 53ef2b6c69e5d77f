// SPDX-License-Identifier: GPL-2.0-only
#include "owner.h"

static const char *const conditions[] = {
	[CONDITION_GOOD] = "left out",
	[CONDITION_RESETTING] = "resetting",
	[CONDITION_UNAVAILABLE] = "unavailable",
	[CONDITION_QUARANTINED] = "quarantined",
};

static const char *trouble_of(const struct queue *queue)
{
	if (queue->driver == DRIVER_ABSENT)
		return "gone";
	if (queue->driver != DRIVER_VFIO)
		return "not bound";
	return conditions[queue->condition];
}

static char *assigned_text(const struct device *device, const struct queue *queue,
			   enum style *style)
{
	if (!queue->in_guest) {
		*style = STYLE_BAD;
		return g_strdup_printf("%s %s", device->name, trouble_of(queue));
	}
	*style = device->running ? STYLE_RUNNING : STYLE_DEVICE;
	return g_strconcat(device->name, device->running ? "*" : NULL, NULL);
}

char *owner_text(const struct machine *machine, unsigned int apqn, enum style *style)
{
	const struct queue *queue = &machine->queue[apqn];
	const struct device *device = machine_owner(machine, apqn);

	if (device)
		return assigned_text(device, queue, style);
	*style = queue->driver == DRIVER_HOST ? STYLE_HOST :
		 queue->driver == DRIVER_VFIO && !queue->condition ? STYLE_FREE : STYLE_BAD;
	return g_strdup(queue->driver == DRIVER_ABSENT ? "" : owner_word(machine, apqn));
}

const char *owner_word(const struct machine *machine, unsigned int apqn)
{
	const struct queue *queue = &machine->queue[apqn];
	const struct device *device = machine_owner(machine, apqn);

	if (device && queue->in_guest)
		return device->running ? "guest" : "device";
	switch ((enum driver)queue->driver) {
	case DRIVER_ABSENT:
		return "gone";
	case DRIVER_NONE:
		return "unbound";
	case DRIVER_HOST:
		return "host";
	default:
		if (queue->condition)
			return conditions[queue->condition];
		return device ? "left-out" : "free";
	}
}

const char *adapter_state(const struct adapter *adapter)
{
	if (!adapter->exists)
		return "gone";
	if (adapter->deconfigured)
		return "off";
	if (adapter->checkstopped)
		return "checkstop";
	return adapter->offline ? "offline" : "";
}
