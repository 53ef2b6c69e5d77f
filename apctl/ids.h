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
 * Reads a list of numbers (decimal, 0x hexadecimal, 0 octal) and ranges,
 * "5-6,0xab", of what @noun calls them. Returns 0, or -EINVAL after a sentence
 * to @err.
 */
int ids_parse(const char *text, const char *noun, struct ap_mask *ids, FILE *err);

/* The shortest such list, "5-6,0xab", or "none"; the caller frees it. */
char *ids_text(const struct ap_mask *ids);

/* A list of every number, "0x05,0x06", or ""; the caller frees it. */
char *ids_each_text(const struct ap_mask *ids);

/* A mask as sysfs has it: 0x and 64 hexadecimal digits. */
void mask_text(const struct ap_mask *mask, char text[MASK_TEXT]);
/* Returns 0 or -EINVAL. */
int mask_parse(const char *text, struct ap_mask *mask);

struct ap_mask mask_all(void);
unsigned int mask_count(const struct ap_mask *mask);
bool mask_equal(const struct ap_mask *a, const struct ap_mask *b);

#define APQN_TEXT sizeof("00.0000")

/* What apqn_parse() of bytes/number.h reads. */
void apqn_text(unsigned int apqn, char text[APQN_TEXT]);

/*
 * Reads a line of the attributes matrix and guest_matrix, "05.0004", "05." or
 * ".0004", and adds it to @matrix; *@apqn is what it names as a whole, or -1.
 * Returns what follows the line, or NULL if it is none.
 */
const char *matrix_line(const char *line, struct matrix *matrix, int *apqn);

#endif
