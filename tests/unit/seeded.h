/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that look random and are the same in every run (xorshift64*).
 */
#ifndef SEEDED_H
#define SEEDED_H

#include <stddef.h>
#include <stdint.h>

static uint64_t seeded_state = 0x9e3779b97f4a7c15u;

static inline uint64_t seeded(void)
{
	seeded_state ^= seeded_state >> 12;
	seeded_state ^= seeded_state << 25;
	seeded_state ^= seeded_state >> 27;
	return seeded_state * 0x2545f4914f6cdd1du;
}

static inline unsigned int seeded_below(unsigned int limit)
{
	return (seeded() >> 32) % limit;
}

static inline void seeded_bytes(uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = seeded() >> 56;
}

#endif /* SEEDED_H */
