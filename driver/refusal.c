// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "refusal.h"

/*
 * Only the first obstacles are logged, as there can be one for each of 65536
 * APQNs.
 */
#define LOGGED_LINES 8
#define MORE "and more\n"

int vfio_ap_refusal_init(struct refusal *r, struct device *dev)
{
	r->dev = dev;
	r->text = (char *)get_zeroed_page(GFP_KERNEL);
	return r->text ? 0 : -ENOMEM;
}

void vfio_ap_refusal_free(struct refusal *r)
{
	free_page((unsigned long)r->text);
	r->text = NULL;
}

/*
 * Add a line. The first one that does not fit is replaced by MORE, and those
 * after it are dropped.
 */
static void refusal_line(struct refusal *r, struct va_format *line)
{
	size_t room = PAGE_SIZE - r->length - sizeof(MORE);
	int length;

	if (r->lines++ && str_has_prefix(r->text + r->length, MORE))
		return;
	length = snprintf(r->text + r->length, room, "%s: %pV\n", r->request, line);
	if (length < room)
		r->length += length;
	else
		memcpy(r->text + r->length, MORE, sizeof(MORE));
}

void vfio_ap_refusal_begin(struct refusal *r, const char *request, ...)
{
	va_list args;

	memset(r->text, 0, PAGE_SIZE);
	r->length = 0;
	r->lines = 0;
	va_start(args, request);
	vscnprintf(r->request, sizeof(r->request), request, args);
	va_end(args);
}

void vfio_ap_refusal_add(struct refusal *r, const char *obstacle, ...)
{
	va_list args;

	va_start(args, obstacle);
	refusal_line(r, &(struct va_format){ .fmt = obstacle, .va = &args });
	va_end(args);
}

char *vfio_ap_refusal_copy(const struct refusal *r)
{
	return r->lines ? kstrdup(r->text, GFP_KERNEL) : NULL;
}

void vfio_ap_refusal_log(struct device *dev, char *text)
{
	char *rest = text, *line;

	for (int i = 0; i < LOGGED_LINES && (line = strsep(&rest, "\n")) && *line; i++)
		dev_warn(dev, "%s\n", line);
	kfree(text);
}

void vfio_ap_refusal_keep(struct refusal *kept, const struct refusal *r)
{
	const char *line = r->text;
	size_t length;

	if (!r->lines)
		return;
	vfio_ap_refusal_begin(kept, "%s", dev_name(r->dev));
	for (; *line; line += length + 1) {
		length = strcspn(line, "\n");
		vfio_ap_refusal_add(kept, "%.*s", (int)length, line);
	}
}

ssize_t vfio_ap_refusal_emit(const struct refusal *r, char *buf, int at)
{
	return r->lines ? sysfs_emit_at(buf, at, "%s", r->text) : 0;
}
