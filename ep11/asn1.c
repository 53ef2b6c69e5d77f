// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/asn1.h>
#include <string.h>

#include "asn1.h"

#define ASN1_FAILED		0x80	/* a bit of ASN1_get_object() */

#define TAG_SEQUENCE		(V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED)
#define TAG_OCTETS		V_ASN1_OCTET_STRING
#define LENGTH_16_BITS		0x82

/* An indefinite length has one more bit in its form than @wanted ever has. */
static struct slice take(struct cursor *cursor, int wanted_class, int wanted)
{
	struct slice rest = cursor_rest(cursor);
	const unsigned char *at = rest.at;
	int tag, class, form;
	long length;

	if (cursor_is_broken(cursor))
		return (struct slice){ 0 };
	form = ASN1_get_object(&at, &length, &tag, &class, rest.length);
	if (form & ASN1_FAILED ||
	    class != wanted_class || (tag | form) != wanted) {
		cursor_expect(cursor, false);
		return (struct slice){ 0 };
	}
	cursor_take(cursor, at - rest.at);
	return cursor_take(cursor, length);
}

struct slice asn1_sequence(struct cursor *cursor)
{
	return take(cursor, V_ASN1_UNIVERSAL, TAG_SEQUENCE);
}

struct slice asn1_octets(struct cursor *cursor)
{
	return take(cursor, V_ASN1_UNIVERSAL, TAG_OCTETS);
}

struct slice asn1_integer(struct cursor *cursor)
{
	return take(cursor, V_ASN1_UNIVERSAL, V_ASN1_INTEGER);
}

struct slice asn1_tagged_octets(struct cursor *cursor)
{
	return take(cursor, V_ASN1_CONTEXT_SPECIFIC, 0);
}

uint32_t asn1_u32(struct cursor *cursor)
{
	struct slice octets = asn1_octets(cursor);
	struct cursor number = cursor_of(octets.at, octets.length);
	uint32_t value = cursor_u32(&number);

	cursor_expect(cursor, cursor_at_end(&number));
	return cursor_is_broken(cursor) ? 0 : value;
}

bool asn1_take_zeros(struct cursor *cursor)
{
	struct slice octets = asn1_octets(cursor);
	struct cursor c = cursor_of(octets.at, octets.length);

	return cursor_take_zeros(&c, octets.length) && !cursor_is_broken(cursor);
}

static size_t open_element(struct builder *builder, uint8_t tag)
{
	build_u8(builder, tag);
	build_u8(builder, LENGTH_16_BITS);
	build_u16(builder, 0);
	return builder_length(builder);
}

size_t asn1_open_sequence(struct builder *builder)
{
	return open_element(builder, TAG_SEQUENCE);
}

size_t asn1_open_octets(struct builder *builder)
{
	return open_element(builder, TAG_OCTETS);
}

void asn1_close(struct builder *builder, size_t opened)
{
	build_patch_u16(builder, opened - sizeof(uint16_t),
			builder_length(builder) - opened);
}

static void build_shortest(struct builder *builder, int tag, bool constructed,
			   struct slice content)
{
	size_t size = ASN1_object_size(constructed, content.length, tag);
	unsigned char *at = build_space(builder, size);

	if (!at)
		return;
	ASN1_put_object(&at, constructed, content.length, tag,
			V_ASN1_UNIVERSAL);
	if (content.length)
		memcpy(at, content.at, content.length);
}

void asn1_build_octets(struct builder *builder, struct slice octets)
{
	build_shortest(builder, V_ASN1_OCTET_STRING, false, octets);
}

void asn1_build_sequence(struct builder *builder, struct slice elements)
{
	build_shortest(builder, V_ASN1_SEQUENCE, true, elements);
}

void asn1_build_u32(struct builder *builder, uint32_t value)
{
	build_u8(builder, TAG_OCTETS);
	build_u8(builder, sizeof(value));
	build_u32(builder, value);
}
