/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPRBX: the control block of a CCA request or reply, which lies in a message
 * of type 6 or 86 (struct CPRBX of Linux' asm/zcrypt.h). Numbers are big
 * endian.
 *
 *	u16	length of the control block: 220
 *	u8	2
 *	u8[3]	ignored
 *	u8[2]	"T2"; of an administrative command "T3", "T5", "T6" or "T7"
 *	u8[4]	ignored
 *	u32	request: length of the parameters
 *	u32[2]	ignored
 *	u32	reply: length of the parameters
 *	u32	ignored
 *	u32	reply: length of the data
 *	u8[108]	ignored
 *	u16	reply: return code
 *	u16	reply: reason code
 *	u8[22]	ignored
 *	u16	domain
 *	u8[48]	ignored
 *
 * A reply begins with a copy of the request's control block. The parameters of
 * both follow it, a sub-function code and three blocks:
 *
 *	u8[2]	sub-function
 *	block	rules, words of 8 bytes
 *	block	variable user data
 *	block	keys
 *
 * A block is its length, two bytes which count too, and its content. Keys, and
 * in most sub-functions the user data, are a sequence of fields:
 *
 *	u16	length of the field, these four bytes included
 *	u16	tag
 *	-	content
 */
#ifndef CCA_CPRBX_H
#define CCA_CPRBX_H

#include "bytes/builder.h"
#include "card/type6.h"

#define CPRBX_SIZE	220

/* A request. Its slices point into the message. */
struct cprbx {
	struct slice header;
	bool administrative;
	uint16_t domain;
	uint16_t function;
	struct slice rules;
	struct slice user;
	struct slice keys;
};

/*
 * Parse a control block with its parameters. @request is valid as long as the
 * message is, and only if TYPE6_OK is returned.
 */
enum type6_error cprbx_parse(struct slice cprb, struct cprbx *request);

/*
 * Take the next block, or the next field, and return its content. The cursor is
 * broken if its length is not valid.
 */
struct slice cprbx_block(struct cursor *cursor);
struct slice cprbx_field(struct cursor *cursor, uint16_t *tag);

/*
 * Begin a reply, whose three blocks the caller lays next, and complete it.
 * @codes has the return code in its upper and the reason code in its lower 16
 * bits. @data is the length of the data of the reply.
 */
void cprbx_open(struct builder *reply, const struct cprbx *request);
void cprbx_close(struct builder *reply, uint32_t codes, size_t data);

/* Lay an empty block, or a block that holds one field. */
void cprbx_lay_empty(struct builder *reply);
void cprbx_lay_field(struct builder *reply, uint16_t tag, struct slice content);

#endif /* CCA_CPRBX_H */
