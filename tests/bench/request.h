/* SPDX-License-Identifier: GPL-2.0-only */
/* A request that takes an adapter some time, and the clock that measures it. */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include <err.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <time.h>

#include "card/type50.h"

struct rsa {
	size_t length;
	uint8_t message[AP_MESSAGE_MAX];
};

/* Return the time in nanoseconds of CLOCK_MONOTONIC. */
static inline uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/*
 * Make a modular exponentiation of random numbers of @width bytes, whose
 * exponent is as long as its modulus; @format is that of type 50. The program
 * ends if there are no random numbers.
 */
static inline void make(struct rsa *rsa, uint8_t format, size_t width)
{
	uint8_t *operands = rsa->message + TYPE50_HEADER_SIZE;

	rsa->length = TYPE50_HEADER_SIZE + 3 * width;
	rsa->message[1] = 0x50;
	rsa->message[2] = rsa->length >> 8;
	rsa->message[3] = rsa->length;
	rsa->message[9] = format;
	if (RAND_bytes(operands, 3 * width) != 1)
		errx(1, "OpenSSL has no random numbers");
	operands[width] |= 0x80;
	operands[2 * width - 1] |= 1;
	operands[2 * width] &= 0x7f;
}

#endif /* BENCH_REQUEST_H */
