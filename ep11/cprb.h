/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control block of an EP11 request or reply, which lies in a message of
 * type 6 or 86 (struct ep11_cprb of Linux' asm/zcrypt.h), and the head of the
 * payload behind it. Numbers are big endian.
 *
 *	u16	length of the control block: 32
 *	u8	4
 *	u8[2]	ignored
 *	u8	flags: 0x80 administrative, 0x20 special
 *	u8[2]	"T4"
 *	u32	source, ignored
 *	u32	target: the domain
 *	u32	reply: return code
 *	u32[2]	ignored
 *	u32	length of the payload
 *
 * The payload is a SEQUENCE of OCTET STRINGs:
 *
 *	u32	API ordinal number in the upper, function in the lower 16 bits
 *	u32	domain
 *	u32	reply: return value
 *	-	arguments, or results
 *
 * A reply begins with a copy of the request's control block and repeats its
 * first two numbers.
 */
#ifndef EP11_CPRB_H
#define EP11_CPRB_H

#include "bytes/builder.h"
#include "card/type6.h"
#include "ckr.h"

#define EP11_CPRB_SIZE	32

/* A request. Its slices point into the message. */
struct ep11_cprb {
	struct slice header;
	bool administrative;
	bool special;
	uint32_t target;
	uint16_t api;
	uint16_t function;
	uint32_t domain;
	struct cursor arguments;
};

/*
 * Parse a control block with its payload. @request is valid as long as the
 * message is, and only if TYPE6_OK is returned.
 */
enum type6_error ep11_cprb_parse(struct slice cprb, struct ep11_cprb *request);

/*
 * Begin a reply, whose results the caller lays next, and complete it with the
 * return value. Unless that is CKR_OK, the results are dropped.
 * ep11_cprb_close() gets what ep11_cprb_open() returned.
 */
size_t ep11_cprb_open(struct builder *reply, const struct ep11_cprb *request);
void ep11_cprb_close(struct builder *reply, size_t opened, enum ckr ckr);

#endif /* EP11_CPRB_H */
