/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message types 50 (request), 80 (reply), 82 and 88 (errors): how Linux
 * (zcrypt_msgtype50.c, zcrypt_error.h) talks to an accelerator. Numbers are big
 * endian; operands stand at the right of their fields, zeros before them.
 *
 *	request	u8	0
 *		u8	0x50
 *		u16	length of the message
 *		u8	0
 *		u8	ignored
 *		u16	0
 *		u16	format: MEB1 0001, MEB2 0002, MEB3 0003 (modular
 *			exponentiation), CRB1 0011, CRB2 0012, CRB3 0013 (CRT)
 *		u8[6]	0
 *	MEBn	u8[W]	exponent, modulus, message	W = 128, 256, 512
 *	CRBn	u8[W/2]	p, q, dp, dq, u
 *		u8[W]	message
 *
 *	reply	u8	0
 *		u8	0x80
 *		u16	length of the reply
 *		u8[12]	0
 *		u8[W]	result
 *
 *	error	u8	0
 *		u8	0x82 or 0x88
 *		u8[2]	0
 *		u8	reply code
 *		u8[3]	0
 */
#ifndef CARD_TYPE50_H
#define CARD_TYPE50_H

#include "bytes/cursor.h"

#define TYPE50_HEADER_SIZE	16
#define TYPE80_HEADER_SIZE	16
#define TYPE80_MAX		(TYPE80_HEADER_SIZE + 512)

/*
 * The type and the reply code of an error reply. For a failure of the machine,
 * zcrypt tries another queue; for each other error, it returns EINVAL to its
 * caller.
 */
enum type50_error {
	TYPE50_OK,
	TYPE50_MACHINE_FAILURE	= 0x8210,
	TYPE50_MALFORMED	= 0x8240,	/* of another type */
	TYPE50_LENGTH		= 0x8823,
	TYPE50_RESERVED_FIELD	= 0x8824,
	TYPE50_KEY_TYPE		= 0x8834,	/* unknown format */
	TYPE50_INVALID_KEY	= 0x8882,	/* a modulus of 0 or 1 */
	TYPE50_OPERAND		= 0x8884,	/* not below the modulus */
	TYPE50_EVEN_MODULUS	= 0x8885,
};

/* A request. Its slices point into the message. */
struct type50 {
	bool crt;
	size_t width;		/* W, of the message and of the result */
	struct slice message;
	struct slice exponent, modulus;		/* !crt */
	struct slice p, q, dp, dq, u;		/* crt; u = 1/q mod p */
};

/*
 * Parse a message of @length bytes. @request is valid as long as the message
 * is, and only if TYPE50_OK is returned.
 */
enum type50_error type50_parse(const void *message, size_t length,
			       struct type50 *request);

/*
 * type80_reply() completes a reply whose result, of @width bytes, the caller
 * already wrote behind TYPE80_HEADER_SIZE. type80_error() makes an error reply.
 * Both return the length of the reply.
 */
size_t type80_reply(uint8_t *reply, size_t width);
size_t type80_error(uint8_t *reply, enum type50_error error);

#endif /* CARD_TYPE50_H */
