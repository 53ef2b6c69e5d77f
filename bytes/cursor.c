// SPDX-License-Identifier: GPL-2.0-only
#include "cursor.h"

struct cursor cursor_of(const void *bytes, size_t length)
{
	return (struct cursor){ .left = { bytes, length } };
}

struct slice cursor_take(struct cursor *cursor, size_t length)
{
	struct slice taken = { cursor->left.at, length };

	if (length > cursor->left.length) {
		cursor_expect(cursor, false);
		return (struct slice){ 0 };
	}
	/* The pointer may be NULL, to which not even 0 may be added. */
	if (!length)
		return taken;
	cursor->left.at += length;
	cursor->left.length -= length;
	return taken;
}

struct slice cursor_rest(const struct cursor *cursor)
{
	return cursor->left;
}

size_t cursor_left(const struct cursor *cursor)
{
	return cursor->left.length;
}

void cursor_expect(struct cursor *cursor, bool fulfilled)
{
	if (!fulfilled)
		*cursor = (struct cursor){ .broken = true };
}

bool cursor_is_broken(const struct cursor *cursor)
{
	return cursor->broken;
}

uint8_t cursor_u8(struct cursor *cursor)
{
	struct slice byte = cursor_take(cursor, 1);

	return byte.length ? byte.at[0] : 0;
}

uint16_t cursor_u16(struct cursor *cursor)
{
	struct slice bytes = cursor_take(cursor, 2);

	return bytes.length ? bytes.at[0] << 8 | bytes.at[1] : 0;
}

uint32_t cursor_u32(struct cursor *cursor)
{
	struct slice bytes = cursor_take(cursor, 4);
	struct cursor halves = cursor_of(bytes.at, bytes.length);
	uint32_t high = cursor_u16(&halves);

	return high << 16 | cursor_u16(&halves);
}

uint64_t cursor_u64(struct cursor *cursor)
{
	struct slice bytes = cursor_take(cursor, 8);
	struct cursor halves = cursor_of(bytes.at, bytes.length);
	uint64_t high = cursor_u32(&halves);

	return high << 32 | cursor_u32(&halves);
}

bool cursor_take_zeros(struct cursor *cursor, size_t length)
{
	struct slice bytes = cursor_take(cursor, length);
	uint8_t seen = 0;

	for (size_t i = 0; i < bytes.length; i++)
		seen |= bytes.at[i];
	return !cursor->broken && !seen;
}

bool cursor_at_end(const struct cursor *cursor)
{
	return !cursor->broken && !cursor->left.length;
}
