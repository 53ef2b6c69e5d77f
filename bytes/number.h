/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people write them. All functions refuse signs and white space, and
 * return false for what is no such number. Those of adapters and domains in hexadecimal,
 * as lszcrypt prints them, with or without leading zeros.
 */
#ifndef BYTES_NUMBER_H
#define BYTES_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Take a number of at most @max, written in @base (0: as in C, decimal, 0x and
 * hexadecimal, or 0 and octal), from the front of *@text, and move *@text behind
 * it. Returns false when there is none; *@text then stays.
 */
bool number_take(const char **text, int base, uint64_t max, uint64_t *number);

/* An adapter or a domain: 0 to ff. */
bool number_parse(const char *text, uint8_t *number);

/* A queue: 05.0004 */
bool apqn_parse(const char *text, uint16_t *apqn);

/* A decimal number. */
bool decimal_parse(const char *text, uint64_t *number);

#endif /* BYTES_NUMBER_H */
