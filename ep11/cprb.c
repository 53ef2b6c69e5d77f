// SPDX-License-Identifier: GPL-2.0-only
#include "asn1.h"
#include "cprb.h"

#define VERSION			4
#define SUBTYPE			0x5434	/* T4 */
#define FLAG_ADMINISTRATIVE	0x80
#define FLAG_SPECIAL		0x20

/* Offsets in a reply. */
#define RETURN_CODE_OFFSET	16
#define PAYLOAD_LENGTH_OFFSET	28
#define SEQUENCE_OFFSET		(EP11_CPRB_SIZE + 4)
#define RETURN_VALUE_OFFSET	(SEQUENCE_OFFSET + 2 * 6 + 2)
#define RESULTS_OFFSET		(RETURN_VALUE_OFFSET + 4)

/* Return the length that the payload has according to the header. */
static uint32_t take_header(struct cursor *c, struct ep11_cprb *request,
			    bool *valid)
{
	uint8_t flags;

	*valid = cursor_u16(c) == EP11_CPRB_SIZE;
	*valid &= cursor_u8(c) == VERSION;
	cursor_take(c, 2);
	flags = cursor_u8(c);
	request->administrative = flags & FLAG_ADMINISTRATIVE;
	request->special = flags & FLAG_SPECIAL;
	*valid &= cursor_u16(c) == SUBTYPE;
	cursor_take(c, 4);
	request->target = cursor_u32(c);
	cursor_take(c, 12);
	return cursor_u32(c);
}

static enum type6_error take_payload(struct slice bytes,
				     struct ep11_cprb *request)
{
	struct cursor payload = cursor_of(bytes.at, bytes.length);
	struct slice elements = asn1_sequence(&payload);
	struct cursor *c = &request->arguments;
	uint32_t function;

	if (!cursor_at_end(&payload))
		return TYPE6_MALFORMED;
	*c = cursor_of(elements.at, elements.length);
	function = asn1_u32(c);
	request->api = function >> 16;
	request->function = function;
	request->domain = asn1_u32(c);
	return cursor_is_broken(c) ? TYPE6_MALFORMED : TYPE6_OK;
}

enum type6_error ep11_cprb_parse(struct slice cprb, struct ep11_cprb *request)
{
	struct cursor whole = cursor_of(cprb.at, cprb.length);
	struct cursor header;
	uint32_t length;
	bool valid;

	*request = (struct ep11_cprb){
		.header = cursor_take(&whole, EP11_CPRB_SIZE),
	};
	if (cursor_is_broken(&whole))
		return TYPE6_LENGTH;
	header = cursor_of(request->header.at, EP11_CPRB_SIZE);
	length = take_header(&header, request, &valid);
	if (!valid)
		return TYPE6_MALFORMED;
	if (length != cursor_left(&whole))
		return TYPE6_LENGTH;
	return take_payload(cursor_rest(&whole), request);
}

size_t ep11_cprb_open(struct builder *reply, const struct ep11_cprb *request)
{
	size_t opened;

	build_slice(reply, request->header);
	opened = asn1_open_sequence(reply);
	asn1_build_u32(reply, (uint32_t)request->api << 16 | request->function);
	asn1_build_u32(reply, request->domain);
	asn1_build_u32(reply, CKR_OK);
	return opened;
}

void ep11_cprb_close(struct builder *reply, size_t opened, enum ckr ckr)
{
	if (ckr != CKR_OK) {
		build_rewind(reply, RESULTS_OFFSET);
		build_patch_u32(reply, RETURN_VALUE_OFFSET, ckr);
	}
	asn1_close(reply, opened);
	build_patch_u32(reply, RETURN_CODE_OFFSET, 0);
	build_patch_u32(reply, PAYLOAD_LENGTH_OFFSET,
			builder_length(reply) - EP11_CPRB_SIZE);
}
