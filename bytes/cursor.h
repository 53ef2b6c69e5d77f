/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded way through bytes that nobody vouches for.
 *
 * A cursor that is asked for more than it has left is broken: it then yields
 * zeros and empty slices for ever, so that a reader may take a whole structure
 * and look at @broken once, before it believes any of it.
 */
#ifndef BYTES_CURSOR_H
#define BYTES_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const uint8_t *at;
	size_t length;
};

struct cursor {
	struct slice left;
	bool broken;
};

struct cursor cursor_of(const void *bytes, size_t length);

/* Take the next bytes; numbers are big endian. */
struct slice cursor_take(struct cursor *cursor, size_t length);
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor);
uint32_t cursor_u32(struct cursor *cursor);
uint64_t cursor_u64(struct cursor *cursor);

/* Take @length bytes and tell whether they all are there and zero. */
bool cursor_zeros(struct cursor *cursor, size_t length);

/* Whether nothing is left, and nothing was missing. */
bool cursor_at_end(const struct cursor *cursor);

#endif /* BYTES_CURSOR_H */
