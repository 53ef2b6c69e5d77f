// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cprbx.h"

#define VERSION		2
#define USAGE		0x5432	/* T2 */
#define RULE		8
#define BLOCK_LENGTH	2
#define FIELD_HEADER	4

/* Offsets of the fields of a reply. */
#define AT_PARAMETERS	24
#define AT_DATA		32
#define AT_CODES	144

struct slice cprbx_block(struct cursor *cursor)
{
	uint16_t length = cursor_u16(cursor);

	cursor_expect(cursor, length >= BLOCK_LENGTH);
	return cursor_take(cursor, length - BLOCK_LENGTH);
}

struct slice cprbx_field(struct cursor *cursor, uint16_t *tag)
{
	uint16_t length = cursor_u16(cursor);

	*tag = cursor_u16(cursor);
	cursor_expect(cursor, length >= FIELD_HEADER);
	return cursor_take(cursor, length - FIELD_HEADER);
}

/* zcrypt tells commands to control domains by T3, T5, T6 and T7. */
static bool is_administrative(uint16_t function_id)
{
	return function_id == 0x5433 || function_id == 0x5435 ||
	       function_id == 0x5436 || function_id == 0x5437;
}

/*
 * Take the control block. @parameters is set to the length of the parameters.
 */
static bool take_header(struct slice header, struct cprbx *request,
			uint32_t *parameters)
{
	struct cursor c = cursor_of(header.at, header.length);
	bool valid = cursor_u16(&c) == CPRBX_SIZE;
	uint16_t function_id;

	valid &= cursor_u8(&c) == VERSION;
	cursor_take(&c, 3);
	function_id = cursor_u16(&c);
	request->administrative = is_administrative(function_id);
	valid &= request->administrative || function_id == USAGE;
	cursor_take(&c, 4);
	*parameters = cursor_u32(&c);
	cursor_take(&c, 154);
	request->domain = cursor_u16(&c);
	return valid && !cursor_is_broken(&c);
}

static enum type6_error take_parameters(struct slice bytes,
					struct cprbx *request)
{
	struct cursor c = cursor_of(bytes.at, bytes.length);

	request->function = cursor_u16(&c);
	request->rules = cprbx_block(&c);
	request->user = cprbx_block(&c);
	request->keys = cprbx_block(&c);
	if (!cursor_at_end(&c) || request->rules.length % RULE)
		return TYPE6_LENGTH;
	return TYPE6_OK;
}

enum type6_error cprbx_parse(struct slice cprb, struct cprbx *request)
{
	struct cursor c = cursor_of(cprb.at, cprb.length);
	struct slice parameters;
	uint32_t length;

	request->header = cursor_take(&c, CPRBX_SIZE);
	if (cursor_is_broken(&c))
		return TYPE6_LENGTH;
	if (!take_header(request->header, request, &length))
		return TYPE6_MALFORMED;
	parameters = cursor_take(&c, length);
	if (cursor_is_broken(&c))
		return TYPE6_LENGTH;
	return take_parameters(parameters, request);
}

void cprbx_open(struct builder *reply, const struct cprbx *request)
{
	build_slice(reply, request->header);
	build_u16(reply, request->function);
}

void cprbx_close(struct builder *reply, uint32_t codes, size_t data)
{
	build_patch_u32(reply, AT_PARAMETERS, builder_length(reply) - CPRBX_SIZE);
	build_patch_u32(reply, AT_DATA, data);
	build_patch_u32(reply, AT_CODES, codes);
}

void cprbx_lay_empty(struct builder *reply)
{
	build_u16(reply, BLOCK_LENGTH);
}

void cprbx_lay_field(struct builder *reply, uint16_t tag, struct slice content)
{
	build_u16(reply, BLOCK_LENGTH + FIELD_HEADER + content.length);
	build_u16(reply, FIELD_HEADER + content.length);
	build_u16(reply, tag);
	build_slice(reply, content);
}
