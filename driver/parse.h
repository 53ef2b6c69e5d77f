/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The syntax of what is written to the attributes of a mediated device. Plain C
 * without kernel calls. Every function takes all of its input or nothing of it.
 */
#ifndef VFIO_AP_PARSE_H
#define VFIO_AP_PARSE_H

#include "matrix.h"

/* A change of one mask; no id is in both. */
struct mask_edit {
	struct ap_mask add;
	struct ap_mask del;
};

/*
 * Parse a list of ids: numbers (decimal, 0x hexadecimal, 0 octal) and ranges
 * (4-6), separated by commas, one newline at the end allowed. An item is added
 * if @assign and removed otherwise, unless a sign of its own says which: +7 is
 * added, -5 is removed. The last item that names an id decides.
 *
 * Returns 0, -EINVAL (not such a list), -ERANGE (a number that no kernel type
 * holds) or -ENODEV (an id above @max).
 */
int vfio_ap_parse_ids(const char *text, unsigned int max, bool assign, struct mask_edit *edit);

/*
 * Parse the adapters, domains and control domains of ap_config: three masks of
 * 1 to 64 hexadecimal digits, with or without 0x, separated by commas, one
 * newline at the end allowed. A short mask is padded with zeros on the right.
 *
 * Returns 0 or -EINVAL.
 */
int vfio_ap_parse_config(const char *text, struct matrix *m);

#endif
