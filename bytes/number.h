/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people write them: those of adapters and domains in hexadecimal,
 * as lszcrypt prints them, with or without leading zeros.
 */
#ifndef BYTES_NUMBER_H
#define BYTES_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* An adapter or a domain: 0 to ff. */
bool number_parse(const char *text, uint8_t *number);

/* A queue: 05.0004 */
bool apqn_parse(const char *text, uint16_t *apqn);

/* A decimal number. */
bool decimal_parse(const char *text, uint64_t *number);

#endif /* BYTES_NUMBER_H */
