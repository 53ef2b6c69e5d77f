// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <string.h>

#include "builder.h"

static void put(uint8_t *at, uint32_t value, size_t width)
{
	while (width--) {
		at[width] = value;
		value >>= 8;
	}
}

struct builder builder_of(void *place, size_t room)
{
	return (struct builder){ .start = place, .room = room };
}

uint8_t *build_space(struct builder *builder, size_t length)
{
	uint8_t *at;

	if (builder->broken || length > builder->room - builder->length) {
		builder->broken = true;
		return NULL;
	}
	at = builder->start + builder->length;
	builder->length += length;
	return at;
}

void build_bytes(struct builder *builder, const void *bytes, size_t length)
{
	uint8_t *at = build_space(builder, length);

	if (at && length)
		memcpy(at, bytes, length);
}

void build_slice(struct builder *builder, struct slice bytes)
{
	build_bytes(builder, bytes.at, bytes.length);
}

void build_zeros(struct builder *builder, size_t length)
{
	uint8_t *at = build_space(builder, length);

	if (at)
		memset(at, 0, length);
}

static void build_number(struct builder *builder, uint32_t value, size_t width)
{
	uint8_t *at = build_space(builder, width);

	if (at)
		put(at, value, width);
}

void build_u8(struct builder *builder, uint8_t value)
{
	build_number(builder, value, 1);
}

void build_u16(struct builder *builder, uint16_t value)
{
	build_number(builder, value, 2);
}

void build_u32(struct builder *builder, uint32_t value)
{
	build_number(builder, value, 4);
}

void build_u64(struct builder *builder, uint64_t value)
{
	build_u32(builder, value >> 32);
	build_u32(builder, value);
}

size_t builder_length(const struct builder *builder)
{
	return builder->length;
}

size_t builder_room(const struct builder *builder)
{
	return builder->broken ? 0 : builder->room - builder->length;
}

struct slice builder_laid(const struct builder *builder)
{
	return (struct slice){ builder->start, builder->length };
}

bool builder_is_broken(const struct builder *builder)
{
	return builder->broken;
}

static void patch(struct builder *builder, size_t offset, uint32_t value,
		  size_t width)
{
	if (builder->broken)
		return;
	if (offset > builder->length || width > builder->length - offset)
		builder->broken = true;
	else
		put(builder->start + offset, value, width);
}

void build_patch_u16(struct builder *builder, size_t offset, size_t value)
{
	if (value > UINT16_MAX)
		builder->broken = true;
	patch(builder, offset, value, 2);
}

void build_patch_u32(struct builder *builder, size_t offset, uint32_t value)
{
	patch(builder, offset, value, 4);
}

size_t build_open(struct builder *builder)
{
	size_t opened = builder->length;

	build_u16(builder, 0);
	return opened;
}

void build_close(struct builder *builder, size_t opened)
{
	build_patch_u16(builder, opened, builder->length - opened);
}

void build_rewind(struct builder *builder, size_t length)
{
	if (length < builder->length) {
		OPENSSL_cleanse(builder->start + length,
				builder->length - length);
		builder->length = length;
	}
	builder->broken = false;
}
