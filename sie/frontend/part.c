// SPDX-License-Identifier: GPL-2.0-only
#include "part.h"

#include <string.h>

#include "chardev.h"
#include "description.h"
#include "options.h"

/* Add a part, for which the host decides what is offered. */
static bool carry(struct parser *p, const char *name, const char *json)
{
	struct options *o = p->options;

	if (*json != '{')
		return parser_refuse(p, "give an object of JSON, as libvirt does");
	if (o->parts == OPTIONS_PARTS)
		return parser_refuse(p, "a guest has at most %d objects, block devices and "
				     "devices", OPTIONS_PARTS);
	o->part[o->parts++] = (struct part){ name, json };
	return true;
}

bool part_take_device(struct parser *p, const char *text)
{
	struct options *o = p->options;
	char driver[DEVICE_ID_MAX + 1] = "vfio-ap", chardev[DEVICE_ID_MAX + 1];

	if (*text == '{')
		description_find(text, "driver", driver, sizeof(driver));
	if (strcmp(driver, "vfio-ap"))
		return (!description_find(text, "chardev", chardev, sizeof(chardev)) ||
			chardev_take_console(p, chardev)) && carry(p, "device", text);
	if (o->has_device)
		return parser_refuse(p, "a guest has at most one vfio-ap device; assign more "
				     "queues to the mediated device instead");
	o->has_device = true;
	return device_take(p, &o->device, text);
}

/*
 * A secret is for encrypted parts, and none are passed on, so the secret is
 * dropped here. libvirt makes one for every guest.
 */
bool part_take_object(struct parser *p, const char *text)
{
	char type[DEVICE_ID_MAX + 1] = "";

	description_find(text, "qom-type", type, sizeof(type));
	if (!strcmp(type, "monitor-qmp"))
		return chardev_take_monitor_object(p, text);
	return !strcmp(type, "secret") || carry(p, "object", text);
}

bool part_take_blockdev(struct parser *p, const char *text)
{
	return carry(p, "blockdev", text);
}

/* Nobody would hear the sound of a guest. */
bool part_take_audiodev(struct parser *p, const char *text)
{
	char driver[DEVICE_ID_MAX + 1] = "";

	description_find(text, "driver", driver, sizeof(driver));
	return !strcmp(driver, "none") ||
	       parser_refuse(p, "a guest has no sound; the driver is none");
}
