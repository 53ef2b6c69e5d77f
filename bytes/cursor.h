/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded way through bytes that nobody vouches for.
 *
 * A cursor that is asked for more than it has left is broken: it then yields
 * zeros and empty slices for ever, so that a reader may take a whole structure
 * and ask once, by cursor_is_broken() or cursor_at_end(), before it believes any
 * of it.
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

/* Only cursor.c looks inside. */
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

/* What is left, which stays. */
struct slice cursor_rest(const struct cursor *cursor);
size_t cursor_left(const struct cursor *cursor);

/* Break the cursor unless what was read fulfils what its reader expects. */
void cursor_expect(struct cursor *cursor, bool fulfilled);

bool cursor_is_broken(const struct cursor *cursor);

/* Whether nothing is left, and the cursor is not broken. */
bool cursor_at_end(const struct cursor *cursor);

#endif /* BYTES_CURSOR_H */
