/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes as people give them to a program. */
#ifndef GUEST_HEX_H
#define GUEST_HEX_H

#include <err.h>
#include <stddef.h>
#include <stdio.h>

/* Reads up to @room bytes; what is not hexadecimal, or longer, ends the program. */
static inline size_t take_hex(const char *hex, unsigned char *bytes,
			      size_t room)
{
	size_t length = 0;

	while (length < room && sscanf(hex, "%2hhx", &bytes[length]) == 1) {
		length++;
		hex += 2;
	}
	if (*hex)
		errx(2, "'%s' is not hexadecimal, or too long", hex);
	return length;
}

#endif /* GUEST_HEX_H */
