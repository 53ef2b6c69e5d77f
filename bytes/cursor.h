/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cursor reads bytes that are not trusted, and never beyond their end.
 *
 * A cursor that is asked for more than is left is broken. From then on it
 * returns zeros and empty slices, so that a reader may take a whole structure
 * and call cursor_is_broken() or cursor_at_end() once before believing any of
 * it.
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

/* Only cursor.c accesses the members. */
struct cursor {
	struct slice left;
	bool broken;
};

/*
 * Return a cursor for @length bytes at @bytes, which must stay valid as long as
 * the cursor and its slices are used.
 */
struct cursor cursor_of(const void *bytes, size_t length);

/* Take the next bytes. Numbers are big endian. */
struct slice cursor_take(struct cursor *cursor, size_t length);
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor);
uint32_t cursor_u32(struct cursor *cursor);
uint64_t cursor_u64(struct cursor *cursor);

/* Take @length bytes. Return whether all of them are there and zero. */
bool cursor_take_zeros(struct cursor *cursor, size_t length);

/* Return what is left, without taking it. */
struct slice cursor_rest(const struct cursor *cursor);
size_t cursor_left(const struct cursor *cursor);

/*
 * Break the cursor unless @fulfilled, which tells whether what was read is as
 * the reader expects it.
 */
void cursor_expect(struct cursor *cursor, bool fulfilled);

bool cursor_is_broken(const struct cursor *cursor);

/* Return whether nothing is left and the cursor is not broken. */
bool cursor_at_end(const struct cursor *cursor);

#endif /* BYTES_CURSOR_H */
