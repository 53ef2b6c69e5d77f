/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes laid one behind the other into a place of limited size.
 *
 * A builder that is asked to lay more than it has room for lays nothing of it
 * and is broken: it then ignores everything, so that a writer may lay a whole
 * structure and ask builder_is_broken() once, before it sends any of it.
 */
#ifndef BYTES_BUILDER_H
#define BYTES_BUILDER_H

#include "cursor.h"

/* Only builder.c looks inside. */
struct builder {
	uint8_t *start;
	size_t length;
	size_t room;
	bool broken;
};

struct builder builder_of(void *place, size_t room);

/* Lay the next bytes; numbers are big endian. */
void build_bytes(struct builder *builder, const void *bytes, size_t length);
void build_slice(struct builder *builder, struct slice bytes);
void build_zeros(struct builder *builder, size_t length);
void build_u8(struct builder *builder, uint8_t value);
void build_u16(struct builder *builder, uint16_t value);
void build_u32(struct builder *builder, uint32_t value);
void build_u64(struct builder *builder, uint64_t value);

/* Room for @length bytes that the caller fills in; NULL when there is none. */
uint8_t *build_space(struct builder *builder, size_t length);

/*
 * A block begins with its own length, of 16 bits, which counts the two bytes
 * that it takes itself. build_open() returns what build_close() needs.
 */
size_t build_open(struct builder *builder);
void build_close(struct builder *builder, size_t opened);

/* Go back to when @length bytes had been laid, and wipe what came after. */
void build_rewind(struct builder *builder, size_t length);

/*
 * Overwrite numbers that were laid before, at @offset. One that is too large
 * breaks the builder.
 */
void build_patch_u16(struct builder *builder, size_t offset, size_t value);
void build_patch_u32(struct builder *builder, size_t offset, uint32_t value);

/* What was laid, how long that is, and how much room there is for more. */
struct slice builder_laid(const struct builder *builder);
size_t builder_length(const struct builder *builder);
size_t builder_room(const struct builder *builder);

bool builder_is_broken(const struct builder *builder);

#endif /* BYTES_BUILDER_H */
