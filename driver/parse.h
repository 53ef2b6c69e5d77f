/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The syntax of what is written to the attributes of a mediated device. This is
 * plain C without calls of the kernel. Every function accepts its whole input
 * or none of it.
 */
#ifndef VFIO_AP_PARSE_H
#define VFIO_AP_PARSE_H

#include "matrix.h"

/* A change of one mask. No id is both added and removed. */
struct mask_edit {
	struct ap_mask add;
	struct ap_mask del;
};

/*
 * Parse a list of ids: numbers (decimal, 0x hexadecimal, 0 octal) and ranges
 * (4-6), separated by commas. A newline may follow. An item is added if @assign
 * is set and removed otherwise, unless it has a sign: +7 is added, -5 is
 * removed. If several items contain an id, the last one decides.
 *
 * Return 0, -EINVAL (this is no such list), -ERANGE (a number does not fit any
 * type of the kernel) or -ENODEV (an id exceeds @max).
 */
int vfio_ap_parse_ids(const char *text, unsigned int max, bool assign, struct mask_edit *edit);

/*
 * Parse the adapters, domains and control domains of ap_config: three masks of
 * 1 to 64 hexadecimal digits, with or without 0x, separated by commas. A
 * newline may follow. A short mask is padded with zeros on the right.
 *
 * Return 0 or -EINVAL.
 */
int vfio_ap_parse_config(const char *text, struct matrix *m);

#endif
