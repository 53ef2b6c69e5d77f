// SPDX-License-Identifier: GPL-2.0-only
#include "cprbx.h"
#include "ec_token.h"

#define TOKEN_EXTERNAL		0x1e
#define SECTION_PRIVATE		0x20
#define SECTION_PUBLIC		0x21
#define FORMAT_CLEAR		0x40
#define PRIVATE_SIZE		76
#define PUBLIC_SIZE		14

/*
 * Take the curve that a section names. All sections of a token name the same
 * one.
 */
static void take_curve(struct cursor *c, struct ec_token *token, uint8_t type,
		       uint16_t bits)
{
	const struct curve *curve = curve_find(type, bits);

	cursor_expect(c, curve && (!token->curve || token->curve == curve));
	token->curve = curve;
}

static void take_private(struct cursor *c, struct ec_token *token)
{
	uint8_t type;
	uint16_t bits, associated, private;

	cursor_expect(c, cursor_take_zeros(c, 4));
	token->usage = cursor_u8(c);
	type = cursor_u8(c);
	cursor_expect(c, cursor_u8(c) == FORMAT_CLEAR);
	cursor_take(c, 1);
	bits = cursor_u16(c);
	cursor_take(c, 58);
	associated = cursor_u16(c);
	private = cursor_u16(c);
	token->associated = cursor_take(c, associated);
	token->private = cursor_take(c, private);
	take_curve(c, token, type, bits);
}

static void take_public(struct cursor *c, struct ec_token *token)
{
	uint8_t type;
	uint16_t bits, public;

	cursor_take(c, 4);
	type = cursor_u8(c);
	cursor_take(c, 1);
	bits = cursor_u16(c);
	public = cursor_u16(c);
	token->public = cursor_take(c, public);
	take_curve(c, token, type, bits);
}

/* A section begins with its kind and its length. */
static void take_section(struct cursor *c, struct ec_token *token)
{
	uint8_t kind = cursor_u8(c);
	uint16_t length;
	struct slice body;
	struct cursor inner;

	cursor_u8(c);
	length = cursor_u16(c);
	body = cursor_take(c, length < 4 ? SIZE_MAX : length - 4u);
	inner = cursor_of(body.at, body.length);
	if (kind == SECTION_PRIVATE)
		take_private(&inner, token);
	else if (kind == SECTION_PUBLIC)
		take_public(&inner, token);
	else
		cursor_expect(c, false);
	cursor_expect(c, cursor_at_end(&inner));
}

static bool key_lengths_fit(const struct ec_token *token)
{
	size_t width = curve_width(token->curve);

	return (!token->private.length || token->private.length == width) &&
	       (!token->public.length || token->public.length == curve_point(token->curve));
}

struct ec_token ec_token_take(struct cursor *keys)
{
	uint16_t tag;
	struct slice bytes = cprbx_field(keys, &tag);
	struct cursor c = cursor_of(bytes.at, bytes.length);
	struct ec_token token = { 0 };

	cursor_expect(&c, cursor_u8(&c) == TOKEN_EXTERNAL);
	cursor_take(&c, 1);
	cursor_expect(&c, cursor_u16(&c) == bytes.length);
	cursor_take(&c, 4);
	while (cursor_left(&c))
		take_section(&c, &token);
	if (cursor_is_broken(&c) || !token.curve || !key_lengths_fit(&token))
		return (struct ec_token){ 0 };
	return token;
}

static void lay_private(struct builder *reply, const struct ec_token *token)
{
	size_t start = builder_length(reply);

	build_u8(reply, SECTION_PRIVATE);
	build_u8(reply, 0);
	build_u16(reply, PRIVATE_SIZE + token->associated.length +
			 token->private.length);
	build_zeros(reply, 4);
	build_u8(reply, token->usage);
	build_u8(reply, token->curve->type);
	build_u8(reply, FORMAT_CLEAR);
	build_u8(reply, 0);
	build_u16(reply, token->curve->bits);
	build_u16(reply, token->associated.length);
	build_zeros(reply, PRIVATE_SIZE - (builder_length(reply) - start) - 4);
	build_u16(reply, token->associated.length);
	build_u16(reply, token->private.length);
	build_slice(reply, token->associated);
	build_slice(reply, token->private);
}

static void lay_public(struct builder *reply, const struct ec_token *token)
{
	build_u8(reply, SECTION_PUBLIC);
	build_u8(reply, 0);
	build_u16(reply, PUBLIC_SIZE + token->public.length);
	build_zeros(reply, 4);
	build_u8(reply, token->curve->type);
	build_u8(reply, 0);
	build_u16(reply, token->curve->bits);
	build_u16(reply, token->public.length);
	build_slice(reply, token->public);
}

void ec_token_lay(struct builder *reply, const struct ec_token *token)
{
	size_t start = builder_length(reply);

	build_u8(reply, TOKEN_EXTERNAL);
	build_u8(reply, 0);
	build_u16(reply, 0);
	build_zeros(reply, 4);
	lay_private(reply, token);
	lay_public(reply, token);
	build_patch_u16(reply, start + 2, builder_length(reply) - start);
}
