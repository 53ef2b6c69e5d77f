/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message types 6 (request), 86 (reply) and 82 (error): the envelope in which
 * Linux (zcrypt_msgtype6.h, zcrypt_error.h) talks to a coprocessor. Numbers are
 * big endian. What lies inside, the CPRB, is a matter of the agent: CCA or
 * EP11.
 *
 *	request	u8	0
 *		u8	0x06
 *		u8[2]	0
 *		u8[4]	right	ignored
 *		u8[4]	0
 *		u8[4]	apfs	ignored
 *		u32	offset of the CPRB: 0x58
 *		u32	offset of the data, or 0
 *		u32[2]	0
 *		u8[16]	agent: "CA" or "XC", ignored from there
 *		u8[2]	request id, ignored
 *		u8[2]	0
 *		u8[2]	function
 *		u8[2]	0
 *		u32	length of the CPRB and its parameters
 *		u32	length of the data
 *		u32[2]	0
 *		u32	room for the CPRB and the parameters of the reply
 *		u32	room for the data of the reply
 *		u32[2]	ignored
 *		-	CPRB, then data; up to 3 bytes of padding behind either
 *
 *	reply	u8	0
 *		u8	0x86
 *		u8	2
 *		u8[9]	0
 *		u8[4]	apfs: 0
 *		u32	length of the CPRB and its parameters
 *		u32	their offset: 0x30
 *		u32	length of the data
 *		u32	their offset; without data, the length of the reply
 *		u32[4]	0
 *		-	CPRB, then data at a multiple of 4
 *
 *	error	u8	0
 *		u8	0x82
 *		u8[2]	0
 *		u8	reply code
 *		u8[3]	0
 */
#ifndef CARD_TYPE6_H
#define CARD_TYPE6_H

#include "bytes/cursor.h"

#define TYPE6_HEADER_SIZE	88
#define TYPE86_HEADER_SIZE	48

/*
 * The reply code of an error reply. For a failure of the machine, zcrypt tries
 * another queue; for each other error, it returns EINVAL to its caller.
 *
 * Errors are of type 82 even where a coprocessor might send a type 86 with a
 * reply code, because zcrypt looks for a CPRB in every type 86, even in one
 * that is too short to have one.
 */
enum type6_error {
	TYPE6_OK,
	TYPE6_LENGTH		= 0x23,
	TYPE6_RESERVED_FIELD	= 0x24,
	TYPE6_FORMAT_FIELD	= 0x29,	/* agent that is not served here */
	TYPE6_MALFORMED		= 0x40,
	TYPE6_FUNCTION		= 0x41,	/* unknown function */
	TYPE6_DOMAIN		= 0x8a,	/* not that of the queue */
	TYPE6_FILTERED		= 0x8b,	/* domain that the VM may not control */
	TYPE6_TRUNCATED		= 0xa0,	/* no room for the reply */
};

enum type6_agent {
	TYPE6_CCA	= 0x4341,	/* CA */
	TYPE6_EP11	= 0x5843,	/* XC */
};

/* A request. Its slices point into the message. */
struct type6 {
	uint16_t function;
	struct slice cprb;	/* with its parameters */
	struct slice data;
	size_t cprb_room;	/* for the CPRB and parameters of the reply */
	size_t data_room;	/* for the data of the reply */
};

/*
 * Parse a message of @length bytes to the coprocessor that serves @agent.
 * @request is valid as long as the message is, and only if TYPE6_OK is
 * returned.
 */
enum type6_error type6_parse(const void *message, size_t length,
			     enum type6_agent agent, struct type6 *request);

/*
 * Return the offset of the data in a reply whose CPRB and parameters have @cprb
 * bytes.
 */
size_t type86_data_offset(size_t cprb);

/*
 * type86_reply() completes a reply for which the caller already wrote the CPRB
 * and its parameters behind TYPE86_HEADER_SIZE, and any data at
 * type86_data_offset(). type82_error() makes an error reply. Both return the
 * length of the reply.
 */
size_t type86_reply(uint8_t *reply, size_t cprb, size_t data);
size_t type82_error(uint8_t *reply, enum type6_error error);

#endif /* CARD_TYPE6_H */
