/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A builder lays bytes one after the other into a buffer of limited size.
 *
 * A builder that has no room for what it is to lay lays nothing of it and is
 * broken. From then on it ignores everything, so that a writer may lay a whole
 * structure and call builder_is_broken() once before sending any of it.
 */
#ifndef BYTES_BUILDER_H
#define BYTES_BUILDER_H

#include "cursor.h"

/* Only builder.c accesses the members. */
struct builder {
	uint8_t *start;
	size_t length;
	size_t room;
	bool broken;
};

/* Return a builder for @room bytes at @place, which the caller owns. */
struct builder builder_of(void *place, size_t room);

/* Lay the next bytes. Numbers are big endian. */
void build_bytes(struct builder *builder, const void *bytes, size_t length);
void build_slice(struct builder *builder, struct slice bytes);
void build_zeros(struct builder *builder, size_t length);
void build_u8(struct builder *builder, uint8_t value);
void build_u16(struct builder *builder, uint16_t value);
void build_u32(struct builder *builder, uint32_t value);
void build_u64(struct builder *builder, uint64_t value);

/*
 * Return space for @length bytes that the caller fills in, or NULL if there is
 * not enough.
 */
uint8_t *build_space(struct builder *builder, size_t length);

/*
 * Begin and end a block. It starts with its own length, 16 bits that count
 * these two bytes as well. build_open() returns the value of @opened that
 * build_close() needs.
 */
size_t build_open(struct builder *builder);
void build_close(struct builder *builder, size_t opened);

/*
 * Return to the state when @length bytes had been laid, and wipe what was laid
 * since. The builder is not broken afterwards.
 */
void build_rewind(struct builder *builder, size_t length);

/*
 * Overwrite a number that was laid before at @offset. A number that is too
 * large breaks the builder.
 */
void build_patch_u16(struct builder *builder, size_t offset, size_t value);
void build_patch_u32(struct builder *builder, size_t offset, uint32_t value);

/* Return what was laid, how long that is, and how much room is left. */
struct slice builder_laid(const struct builder *builder);
size_t builder_length(const struct builder *builder);
size_t builder_room(const struct builder *builder);

bool builder_is_broken(const struct builder *builder);

#endif /* BYTES_BUILDER_H */
