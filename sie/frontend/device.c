// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <ctype.h>
#include <string.h>

#include "description.h"

/*
 * Take an id as QEMU allows it: a letter, then letters, digits, '-', '.' and
 * '_'.
 */
static bool take_id(struct parser *p, struct device *device, const char *id)
{
	if (!isalpha((unsigned char)*id) || strlen(id) > DEVICE_ID_MAX ||
	    id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "abcdefghijklmnopqrstuvwxyz0123456789-._")])
		return parser_refuse(p, "an id is a letter and up to %d letters, digits, '-', '.' "
				     "and '_'", DEVICE_ID_MAX - 1);
	strcpy(device->id, id);
	return true;
}

static bool take_property(struct parser *p, struct device *device, const struct element *element)
{
	if (element_is(element, "driver", "vfio-ap"))
		return true;
	if (!strcmp(element->name, "sysfsdev") && element->value)
		strcpy(device->sysfsdev, element->value);
	else if (strcmp(element->name, "id") || !element->value)
		return parser_refuse_element(p, element, "sysfsdev= and id= are");
	else
		return take_id(p, device, element->value);
	return true;
}

bool device_take(struct parser *p, struct device *device, const char *text)
{
	struct description d;
	struct element element;
	bool good = true;

	memset(device, 0, sizeof(*device));
	if (strlen(text) >= sizeof(device->text))
		return parser_refuse(p, "the description is too long");
	strcpy(device->text, text);
	if (!description_open(&d, text))
		return parser_refuse(p, "this is no object of JSON");
	if (!d.object) {
		element_take(&d.list, &element);
		good = (!element.value && !strcmp(element.name, "vfio-ap")) ||
		       parser_refuse_element(p, &element, "vfio-ap is the device for a guest");
	}
	while (good && description_next(&d, &element))
		good = take_property(p, device, &element);
	description_close(&d);
	return good && (*device->sysfsdev ||
			parser_refuse(p, "sysfsdev= is missing; give the mediated device, as in "
				      "sysfsdev=/sys/devices/vfio_ap/matrix/UUID"));
}

bool device_read(struct device *device, const char *text, char *reason, size_t size)
{
	struct parser p = { .argument = text, .reason = reason, .size = size };

	return device_take(&p, device, text);
}
