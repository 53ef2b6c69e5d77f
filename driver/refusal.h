/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A refusal says why the last request was refused, for its writer to read: a
 * line names the request, and one line for each obstacle follows, with the way
 * out. It is written to the kernel's log as well.
 */
#ifndef VFIO_AP_REFUSAL_H
#define VFIO_AP_REFUSAL_H

#include <linux/types.h>

struct device;

struct refusal {
	struct device *dev;	/* device whose requests are refused */
	char *text;		/* a page */
	size_t length;
	unsigned int lines;
};

/* Return 0, or -ENOMEM with nothing to free. */
int vfio_ap_refusal_init(struct refusal *r, struct device *dev);
void vfio_ap_refusal_free(struct refusal *r);

/*
 * Begin to check a request, and forget the last refusal. Callers serialize all
 * calls except vfio_ap_refusal_init() and vfio_ap_refusal_free().
 */
__printf(2, 3) void vfio_ap_refusal_begin(struct refusal *r, const char *request, ...);
/* Add an obstacle, written without a newline, here and to the kernel's log. */
__printf(2, 3) void vfio_ap_refusal_add(struct refusal *r, const char *obstacle, ...);
/* Add an obstacle only here, for requests of users who could flood the log. */
__printf(2, 3) void vfio_ap_refusal_note(struct refusal *r, const char *obstacle, ...);
/*
 * Copy @r to @kept, with the name of its device in front, unless @r is empty.
 */
void vfio_ap_refusal_keep(struct refusal *kept, const struct refusal *r);
/*
 * Write the text of the attribute refusal to @buf, which is a page, from @at
 * on. Return its length, which is 0 if the last request had no obstacle.
 */
ssize_t vfio_ap_refusal_emit(const struct refusal *r, char *buf, int at);

#endif
