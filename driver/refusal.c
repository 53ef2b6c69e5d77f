// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/mm.h>
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
	length = snprintf(r->text + r->length, room, "%pV\n", line);
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
	refusal_line(r, &(struct va_format){ .fmt = request, .va = &args });
	va_end(args);
}

void vfio_ap_refusal_add(struct refusal *r, const char *obstacle, ...)
{
	struct va_format line = { .fmt = obstacle };
	va_list args;

	va_start(args, obstacle);
	line.va = &args;
	if (r->lines <= LOGGED_LINES)
		dev_warn(r->dev, "%pV\n", &line);
	refusal_line(r, &line);
	va_end(args);
}

void vfio_ap_refusal_note(struct refusal *r, const char *obstacle, ...)
{
	va_list args;

	va_start(args, obstacle);
	refusal_line(r, &(struct va_format){ .fmt = obstacle, .va = &args });
	va_end(args);
}

void vfio_ap_refusal_keep(struct refusal *kept, const struct refusal *r)
{
	if (r->lines <= 1)
		return;
	kept->length = scnprintf(kept->text, PAGE_SIZE, "%s: %s", dev_name(r->dev), r->text);
	kept->lines = r->lines;
}

ssize_t vfio_ap_refusal_emit(const struct refusal *r, char *buf, int at)
{
	return r->lines > 1 ? sysfs_emit_at(buf, at, "%s", r->text) : 0;
}
