// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "bytes/builder.h"
#include "type6.h"

#define TYPE6		0x06
#define TYPE86		0x86
#define TYPE82		0x82
#define FORMAT2		0x02
#define ERROR_SIZE	8
#define PADDING_MAX	3

struct header {
	bool zeros;		/* in all fields that are to be zero */
	uint8_t type;
	uint16_t agent;
	uint16_t function;
	uint32_t offset[2], length[2], room[2];
};

static void take_pair(struct cursor *c, uint32_t pair[2])
{
	pair[0] = cursor_u32(c);
	pair[1] = cursor_u32(c);
}

static struct header take_header(struct cursor *c)
{
	struct header h = { .zeros = cursor_take_zeros(c, 1) };

	h.type = cursor_u8(c);
	h.zeros &= cursor_take_zeros(c, 2);
	cursor_take(c, 4);
	h.zeros &= cursor_take_zeros(c, 4);
	cursor_take(c, 4);
	take_pair(c, h.offset);
	h.zeros &= cursor_take_zeros(c, 8);
	h.agent = cursor_u16(c);
	cursor_take(c, 16);
	h.zeros &= cursor_take_zeros(c, 2);
	h.function = cursor_u16(c);
	h.zeros &= cursor_take_zeros(c, 2);
	take_pair(c, h.length);
	h.zeros &= cursor_take_zeros(c, 8);
	take_pair(c, h.room);
	cursor_take(c, 8);
	return h;
}

static enum type6_error check_header(const struct header *h,
				     enum type6_agent agent)
{
	if (h->type != TYPE6)
		return TYPE6_MALFORMED;
	if (!h->zeros)
		return TYPE6_RESERVED_FIELD;
	if (h->agent != agent)
		return TYPE6_FORMAT_FIELD;
	if (h->offset[0] != TYPE6_HEADER_SIZE)
		return TYPE6_MALFORMED;
	return TYPE6_OK;
}

/* The CPRB follows the header, and the data follow the CPRB. */
static enum type6_error take_parts(struct cursor *c, const struct header *h,
				   struct type6 *request)
{
	size_t end = (size_t)TYPE6_HEADER_SIZE + h->length[0];

	request->cprb = cursor_take(c, h->length[0]);
	if (h->offset[1]) {
		if (h->offset[1] < end || h->offset[1] - end > PADDING_MAX)
			return TYPE6_LENGTH;
		cursor_take(c, h->offset[1] - end);
		request->data = cursor_take(c, h->length[1]);
	} else if (h->length[1]) {
		return TYPE6_LENGTH;
	}
	if (cursor_is_broken(c) || cursor_left(c) > PADDING_MAX)
		return TYPE6_LENGTH;
	return TYPE6_OK;
}

enum type6_error type6_parse(const void *message, size_t length,
			     enum type6_agent agent, struct type6 *request)
{
	struct cursor c = cursor_of(message, length);
	struct header h = take_header(&c);
	enum type6_error error;

	if (cursor_is_broken(&c))
		return TYPE6_LENGTH;
	error = check_header(&h, agent);
	if (error)
		return error;
	*request = (struct type6){
		.function = h.function,
		.cprb_room = h.room[0],
		.data_room = h.room[1],
	};
	return take_parts(&c, &h, request);
}

size_t type86_data_offset(size_t cprb)
{
	return (TYPE86_HEADER_SIZE + cprb + 3) / 4 * 4;
}

size_t type86_reply(uint8_t *reply, size_t cprb, size_t data)
{
	struct builder b = builder_of(reply, TYPE86_HEADER_SIZE);
	size_t end = TYPE86_HEADER_SIZE + cprb;
	size_t offset = data ? type86_data_offset(cprb) : end;

	build_u8(&b, 0);
	build_u8(&b, TYPE86);
	build_u8(&b, FORMAT2);
	build_zeros(&b, 13);
	build_u32(&b, cprb);
	build_u32(&b, TYPE86_HEADER_SIZE);
	build_u32(&b, data);
	build_u32(&b, offset);
	build_zeros(&b, 16);
	if (!data)
		return end;
	memset(reply + end, 0, offset - end);
	return offset + data;
}

size_t type82_error(uint8_t *reply, enum type6_error error)
{
	memset(reply, 0, ERROR_SIZE);
	reply[1] = TYPE82;
	reply[4] = error;
	return ERROR_SIZE;
}
