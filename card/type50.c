// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "type50.h"

#define TYPE50		0x50
#define TYPE80		0x80
#define ERROR_SIZE	8

static const struct format {
	uint16_t code;
	bool crt;
	uint16_t width;
} formats[] = {
	{ 0x0001, false, 128 },	/* MEB1 */
	{ 0x0002, false, 256 },	/* MEB2 */
	{ 0x0003, false, 512 },	/* MEB3 */
	{ 0x0011, true, 128 },	/* CRB1 */
	{ 0x0012, true, 256 },	/* CRB2 */
	{ 0x0013, true, 512 },	/* CRB3 */
};

static const struct format *format_find(uint16_t code)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].code == code)
			return &formats[i];
	return NULL;
}

static void take_key(struct cursor *c, struct type50 *request)
{
	size_t half = request->width / 2;

	if (!request->crt) {
		request->exponent = cursor_take(c, request->width);
		request->modulus = cursor_take(c, request->width);
		return;
	}
	request->p = cursor_take(c, half);
	request->q = cursor_take(c, half);
	request->dp = cursor_take(c, half);
	request->dq = cursor_take(c, half);
	request->u = cursor_take(c, half);
}

/*
 * Take the header. @told is set to the length that the header says the message
 * has.
 */
static enum type50_error take_header(struct cursor *c, uint16_t *told,
				     const struct format **format)
{
	bool zeros = cursor_take_zeros(c, 1);

	if (cursor_u8(c) != TYPE50)
		return TYPE50_MALFORMED;
	*told = cursor_u16(c);
	zeros &= cursor_take_zeros(c, 1);
	cursor_u8(c);
	zeros &= cursor_take_zeros(c, 2);
	*format = format_find(cursor_u16(c));
	zeros &= cursor_take_zeros(c, 6);
	if (cursor_is_broken(c))
		return TYPE50_LENGTH;
	if (!*format)
		return TYPE50_KEY_TYPE;
	return zeros ? TYPE50_OK : TYPE50_RESERVED_FIELD;
}

enum type50_error type50_parse(const void *message, size_t length,
			       struct type50 *request)
{
	struct cursor c = cursor_of(message, length);
	const struct format *format;
	enum type50_error error;
	uint16_t told;

	error = take_header(&c, &told, &format);
	if (error)
		return error;
	*request = (struct type50){
		.crt = format->crt,
		.width = format->width,
	};
	take_key(&c, request);
	request->message = cursor_take(&c, request->width);
	if (!cursor_at_end(&c) || told != length)
		return TYPE50_LENGTH;
	return TYPE50_OK;
}

size_t type80_reply(uint8_t *reply, size_t width)
{
	size_t length = TYPE80_HEADER_SIZE + width;

	memset(reply, 0, TYPE80_HEADER_SIZE);
	reply[1] = TYPE80;
	reply[2] = length >> 8;
	reply[3] = length;
	return length;
}

size_t type80_error(uint8_t *reply, enum type50_error error)
{
	memset(reply, 0, ERROR_SIZE);
	reply[1] = error >> 8;
	reply[4] = error;
	return ERROR_SIZE;
}
