/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small type 50 requests whose results are obvious.
 */
#ifndef BARE_TYPE50_H
#define BARE_TYPE50_H

#include "bare.h"

struct header50 {
	uint8_t reserved0;
	uint8_t type;
	uint16_t length;
	uint8_t reserved1[4];
	uint16_t format;
	uint8_t reserved2[6];
};

#define ME_1024		1
#define CRT_1024	0x11

/*
 * Modular exponentiation of 1024 bits. Numbers are right-aligned in their
 * fields.
 */
struct me1 {
	struct header50 header;
	uint8_t exponent[128];
	uint8_t modulus[128];
	uint8_t message[128];
};

struct crt1 {
	struct header50 header;
	uint8_t p[64], q[64], dp[64], dq[64], u[64];
	uint8_t message[128];
};

/* The reply, of type 80. */
struct reply80 {
	uint8_t reserved0;
	uint8_t type;
	uint16_t length;
	uint8_t code;
	uint8_t reserved1[11];
	uint8_t result[128];
};

static inline struct header50 header50(uint16_t format, uint16_t length)
{
	return (struct header50){ .type = 0x50, .length = length, .format = format };
}

/*
 * Return a request for base ^ exponent mod (2^1024 - 1), or mod @modulus if
 * that is not 0.
 */
static inline struct me1 me1(uint8_t base, uint8_t exponent, uint8_t modulus)
{
	struct me1 me = { .header = header50(ME_1024, sizeof(me)) };

	if (!modulus)
		memset(me.modulus, 0xff, sizeof(me.modulus));
	else
		me.modulus[127] = modulus;
	me.exponent[127] = exponent;
	me.message[127] = base;
	return me;
}

/* Return whether it is a reply of type 80 with this result. */
static inline bool is_reply80(const struct reply80 *reply, uint8_t result)
{
	uint8_t expected[128] = { [127] = result };

	return reply->type == 0x80 && reply->length == sizeof(*reply) && !reply->code &&
	       !memcmp(reply->result, expected, sizeof(expected));
}

#endif /* BARE_TYPE50_H */
