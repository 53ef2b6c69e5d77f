/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes EP11 requests as Linux does, a control block and a payload behind it
 * (struct ep11_cprb of asm/zcrypt.h), without a line of what reads them.
 */
#ifndef EP11_REQUEST_H
#define EP11_REQUEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EP11_GENERATE_RANDOM	4
#define EP11_ENCRYPT		19
#define EP11_DECRYPT		20
#define EP11_GENERATE_KEY	21
#define EP11_WRAP		33
#define EP11_UNWRAP		34
#define EP11_GET_INFO		38
#define EP11_ADMIN		41

/* Administrative commands and queries. */
#define EP11_GENERATE_IMPORTER	9
#define EP11_GENERATE_WK	10
#define EP11_IMPORT_WK		12
#define EP11_COMMIT_WK		13
#define EP11_FINALIZE_WK	14
#define EP11_ZEROIZE		16
#define EP11_REENCRYPT		25
#define EP11_CLEAR_WK		27
#define EP11_CLEAR_PENDING_WK	28
#define EP11_ADMINISTRATORS	0x10002
#define EP11_CONTROL_POINTS	0x10006
#define EP11_WK			0x10007
#define EP11_PENDING_WK		0x10008
#define EP11_MODULE_ATTRIBUTES	0x10009
#define EP11_ATTRIBUTES		0x1000a
#define EP11_RETAINED_KEYS	0x1000d

/* In a reply, behind the control block: where the answer's block begins, ... */
#define EP11_ANSWER		(4 + 3 * 6 + 4)
/* ... and, if that is shorter than 128 bytes, its return value and output. */
#define EP11_ANSWER_VALUE	(EP11_ANSWER + 2 + 6 + 10 + 18 + 18 + 2)
#define EP11_ANSWER_OUTPUT	(EP11_ANSWER_VALUE + 4 + 2)

#define EP11_CPRB		32	/* bytes of a control block */
#define EP11_BLOB		256	/* bytes of a key blob */

struct ep11_request {
	uint8_t bytes[12 * 1024];
	size_t length;
};

static inline void ep11_put(uint8_t *at, uint64_t value, size_t width)
{
	while (width--) {
		at[width] = value;
		value >>= 8;
	}
}

static inline uint32_t ep11_get(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static inline void ep11_add(struct ep11_request *r, const void *bytes,
			    size_t length)
{
	if (length)
		memcpy(r->bytes + r->length, bytes, length);
	r->length += length;
}

static inline void ep11_add_number(struct ep11_request *r, uint32_t value,
				   size_t width)
{
	ep11_put(r->bytes + r->length, value, width);
	r->length += width;
}

/* The length in its shortest form. */
static inline void ep11_add_octets(struct ep11_request *r, const void *bytes,
				   size_t length)
{
	ep11_add_number(r, 0x04, 1);
	if (length > 255)
		ep11_add_number(r, 0x820000 | length, 3);
	else if (length > 127)
		ep11_add_number(r, 0x8100 | length, 2);
	else
		ep11_add_number(r, length, 1);
	ep11_add(r, bytes, length);
}

static inline void ep11_add_u32(struct ep11_request *r, uint32_t value)
{
	ep11_add_number(r, 0x0404, 2);
	ep11_add_number(r, value, 4);
}

static inline void ep11_add_mechanism(struct ep11_request *r, uint32_t number,
				      const void *parameter, size_t length)
{
	uint8_t mechanism[64];

	ep11_put(mechanism, number, 4);
	if (length)
		memcpy(mechanism + 4, parameter, length);
	ep11_add_octets(r, mechanism, 4 + length);
}

/* CKA_KEY_TYPE = CKK_AES and CKA_VALUE_LEN. */
static inline void ep11_add_template(struct ep11_request *r, uint32_t booleans,
				     uint32_t key_length)
{
	const uint32_t words[] = {
		0x10020000, booleans, booleans, 0x100, 0x1f, 0x161, key_length,
	};
	uint8_t template[sizeof(words)];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ep11_put(template + 4 * i, words[i], 4);
	ep11_add_octets(r, template, sizeof(template));
}

static inline void ep11_begin(struct ep11_request *r, unsigned int api,
			      unsigned int function, unsigned int domain)
{
	memset(r, 0, sizeof(*r));
	ep11_add_number(r, EP11_CPRB, 2);
	ep11_add_number(r, 0x04000000, 4);
	ep11_add(r, "T4", 2);
	ep11_add_number(r, 0, 4);
	ep11_add_number(r, domain, 4);
	ep11_add_number(r, 0xffffffff, 4);
	r->length = EP11_CPRB;
	ep11_add_number(r, 0x30820000, 4);
	ep11_add_u32(r, api << 16 | function);
	ep11_add_u32(r, domain);
}

/* A command for @domain, of any module, without a signature. */
static inline void ep11_add_command(struct ep11_request *r, uint32_t number,
				    uint32_t domain, const void *parameter,
				    size_t length)
{
	struct ep11_request block = { .length = 4 };

	ep11_add_u32(&block, number);
	ep11_add_number(&block, 0x0408, 2);
	ep11_add_number(&block, domain, 4);
	ep11_add_number(&block, 0, 4);
	ep11_add_octets(&block, NULL, 0);
	ep11_add_octets(&block, NULL, 0);
	ep11_add_octets(&block, parameter, length);
	ep11_put(block.bytes, 0x30820000 | (block.length - 4), 4);
	ep11_add_octets(r, block.bytes, block.length);
	ep11_add_octets(r, NULL, 0);
}

/* An administrative request, which has its domain in the control block, too. */
static inline void ep11_administer(struct ep11_request *r)
{
	r->bytes[5] |= 0x80;
}

/* The request is complete. */
static inline void ep11_end(struct ep11_request *r)
{
	ep11_put(r->bytes + EP11_CPRB - 4, r->length - EP11_CPRB, 4);
	ep11_put(r->bytes + EP11_CPRB + 2, r->length - EP11_CPRB - 4, 2);
}

/*
 * Lay a complete request into its envelope, a message of type 6 that has room for
 * @room bytes of the reply's CPRB; returns its length.
 */
#define EP11_ENVELOPE	88	/* bytes before the control block */

static inline size_t ep11_enclose(const struct ep11_request *r, uint32_t room,
				  uint8_t *message)
{
	memset(message, 0, EP11_ENVELOPE);
	message[1] = 0x06;
	message[19] = EP11_ENVELOPE;
	memcpy(message + 32, "XC", 2);
	message[49] = 1;
	ep11_put(message + 56, r->length, 4);
	ep11_put(message + 72, room, 4);
	memcpy(message + EP11_ENVELOPE, r->bytes, r->length);
	return EP11_ENVELOPE + r->length;
}

#endif /* EP11_REQUEST_H */
