/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parse numbers as people write them. All functions reject signs and white
 * space, and return false if @text is not such a number. Adapters and domains
 * are hexadecimal, as lszcrypt prints them, with or without leading zeros.
 */
#ifndef BYTES_NUMBER_H
#define BYTES_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct ap_mask;

/*
 * Take a number of at most @max from the front of *@text, and move *@text
 * behind it. @base is that of the number; 0 is for any number of C, which is
 * decimal, hexadecimal (0x) or octal (0). Return false if there is none; *@text
 * is not moved then.
 */
bool number_take(const char **text, int base, uint64_t max, uint64_t *number);

/*
 * Take an adapter or a domain, or a range of them such as 4-0x47, from the front
 * of *@text, move *@text behind it, and set its bits of @mask. Numbers are those
 * of C. Return false if there is none; *@text and @mask are undefined then.
 */
bool range_take(const char **text, struct ap_mask *mask);

/* Parse an adapter or a domain, 0 to ff. */
bool number_parse(const char *text, uint8_t *number);

/* Parse an APQN, such as 05.0004. */
bool apqn_parse(const char *text, uint16_t *apqn);

/* Parse a decimal number. */
bool decimal_parse(const char *text, uint64_t *number);

#endif /* BYTES_NUMBER_H */
