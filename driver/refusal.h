/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why the last request was refused, for its writer to read: a line that names
 * the request, then a line for every obstacle with the way out. Goes to the
 * kernel log as well.
 */
#ifndef VFIO_AP_REFUSAL_H
#define VFIO_AP_REFUSAL_H

#include <linux/types.h>

struct device;

struct refusal {
	struct device *dev;	/* whose refusals these are */
	char *text;		/* one page */
	size_t length;
	unsigned int lines;
};

/* Returns 0 or -ENOMEM; then there is nothing to free. */
int vfio_ap_refusal_init(struct refusal *r, struct device *dev);
void vfio_ap_refusal_free(struct refusal *r);

/*
 * Forget the last refusal: a new request is checked. Callers serialize all but
 * vfio_ap_refusal_init() and vfio_ap_refusal_free().
 */
__printf(2, 3) void vfio_ap_refusal_begin(struct refusal *r, const char *request, ...);
/* Name an obstacle, without a newline, here and in the kernel's log. */
__printf(2, 3) void vfio_ap_refusal_add(struct refusal *r, const char *obstacle, ...);
/* Here only: for requests of users who could flood the log. */
__printf(2, 3) void vfio_ap_refusal_note(struct refusal *r, const char *obstacle, ...);
/* Make @kept, unless there is nothing to keep, what @r says, behind the name of its device. */
void vfio_ap_refusal_keep(struct refusal *kept, const struct refusal *r);
/*
 * For the attribute refusal, from @at on in @buf, which has a page. Returns the length, 0 if the
 * last request had no obstacle.
 */
ssize_t vfio_ap_refusal_emit(const struct refusal *r, char *buf, int at);

#endif
