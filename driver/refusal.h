/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A refusal says why the last request was refused, for its writer to read: a
 * line for each obstacle repeats the request and tells the way out. What was
 * refused to an administrator is written to the kernel's log as well.
 */
#ifndef VFIO_AP_REFUSAL_H
#define VFIO_AP_REFUSAL_H

#include <linux/types.h>

struct device;

struct refusal {
	struct device *dev;	/* device whose requests are refused */
	char request[224];	/* what each line begins with */
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
/* Add an obstacle, written without a newline. */
__printf(2, 3) void vfio_ap_refusal_add(struct refusal *r, const char *obstacle, ...);
/*
 * Return what is to be logged of @r, or NULL: if @r is empty, or without
 * memory. vfio_ap_refusal_log() writes the first lines of it to the log and
 * frees it. So callers can log after they have released their locks.
 */
char *vfio_ap_refusal_copy(const struct refusal *r);
void vfio_ap_refusal_log(struct device *dev, char *text);
/*
 * Copy @r to @kept, each line with the name of its device in front, unless @r
 * is empty.
 */
void vfio_ap_refusal_keep(struct refusal *kept, const struct refusal *r);
/*
 * Write the text of the attribute refusal to @buf, which is a page, from @at
 * on. Return its length, which is 0 if the last request had no obstacle.
 */
ssize_t vfio_ap_refusal_emit(const struct refusal *r, char *buf, int at);

#endif
