// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/slab.h>

#include "event.h"
#include "matrix.h"

/*
 * A list has half of the room in a uevent, as its fixed variables and the path
 * need room, too.
 */
#define LIST_SIZE (UEVENT_BUFFER_SIZE / 2)

struct event_list {
	struct device *dev;
	const char *event;
	const char *variable;
	size_t length;
	char text[LIST_SIZE];
};

static void event_send(struct device *dev, const char *event, char *list)
{
	char name[32];
	char *env[3] = { name, list };

	snprintf(name, sizeof(name), "AP_EVENT=%s", event);
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, env);
}

void vfio_ap_event_device(struct device *dev, const char *event)
{
	event_send(dev, event, NULL);
}

void vfio_ap_event_queue(struct device *dev, const char *event, unsigned int apqn)
{
	char list[] = "AP_APQN=00.0000";

	snprintf(list, sizeof(list), "AP_APQN=" APQN_FMT, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
	event_send(dev, event, list);
}

static void list_flush(struct event_list *list)
{
	if (list->length)
		event_send(list->dev, list->event, list->text);
	list->length = 0;
}

static void list_add_item(struct event_list *list, const char *item)
{
	if (list->length + 1 + strlen(item) >= LIST_SIZE)
		list_flush(list);
	if (list->length)
		list->length += scnprintf(list->text + list->length, LIST_SIZE - list->length,
					  ",%s", item);
	else
		list->length = scnprintf(list->text, LIST_SIZE, "%s=%s", list->variable, item);
}

static void list_queues(struct event_list *list, const struct matrix *of,
			const struct matrix *but)
{
	unsigned int apqn;
	char item[16];

	matrix_for_each(apqn, of) {
		if (matrix_has(but, apqn))
			continue;
		snprintf(item, sizeof(item), APQN_FMT, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
		list_add_item(list, item);
	}
	list_flush(list);
}

static void list_control(struct event_list *list, const struct matrix *of,
			 const struct matrix *but)
{
	struct ap_mask control = mask_andnot(&of->adm, &but->adm);
	unsigned int domain;
	char item[16];

	mask_for_each(domain, &control) {
		snprintf(item, sizeof(item), "%04x", domain);
		list_add_item(list, item);
	}
	list_flush(list);
}

void vfio_ap_event_apcb(struct device *dev, const struct matrix *before,
			const struct matrix *after)
{
	struct event_list *list = kzalloc(sizeof(*list), GFP_KERNEL);

	if (!list) {
		vfio_ap_event_device(dev, "change");
		return;
	}
	list->dev = dev;
	list->event = "unplug";
	list->variable = "AP_APQN";
	list_queues(list, before, after);
	list->variable = "AP_CONTROL_DOMAIN";
	list_control(list, before, after);
	list->event = "plug";
	list_control(list, after, before);
	list->variable = "AP_APQN";
	list_queues(list, after, before);
	kfree(list);
}
