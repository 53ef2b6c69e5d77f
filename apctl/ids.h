/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapters, domains and APQNs as text.
 */
#ifndef APCTL_IDS_H
#define APCTL_IDS_H

#include <glib.h>
#include <stdio.h>

#include "driver/matrix.h"

#define APQNS		(AP_IDS * AP_IDS)
#define MASK_TEXT	(2 + AP_IDS / 4 + 1)

/*
 * Read a list of numbers (decimal, 0x hexadecimal, 0 octal) and ranges, such as
 * "5-6,0xab". @noun says in messages what they number. Return 0, or -EINVAL
 * after a message on @err.
 */
int ids_parse(const char *text, const char *noun, struct ap_mask *ids, FILE *err);

/*
 * Return the shortest such list, such as "5-6,0xab", or "none". The caller
 * frees it.
 */
char *ids_text(const struct ap_mask *ids);

/*
 * Return a list of all numbers without ranges, such as "0x05,0x06", or "". The
 * caller frees it.
 */
char *ids_each_text(const struct ap_mask *ids);

/* Store a mask in the form of sysfs: 0x and 64 hexadecimal digits. */
void mask_text(const struct ap_mask *mask, char text[MASK_TEXT]);
/* Read a mask in the form of sysfs. Return 0 or -EINVAL. */
int mask_parse(const char *text, struct ap_mask *mask);

struct ap_mask mask_all(void);
unsigned int mask_count(const struct ap_mask *mask);
bool mask_equal(const struct ap_mask *a, const struct ap_mask *b);

#define APQN_TEXT sizeof("00.0000")

/* Store an APQN in the form that apqn_parse() of bytes/number.h reads. */
void apqn_text(unsigned int apqn, char text[APQN_TEXT]);

/*
 * Read a line of the attributes matrix and guest_matrix, such as "05.0004",
 * "05." or ".0004", and add it to @matrix. Set *@apqn to the APQN, or to -1 if
 * the line is not a whole one. Return what follows the line, or NULL if it is
 * invalid.
 */
const char *matrix_line(const char *line, struct matrix *matrix, int *apqn);

#endif
