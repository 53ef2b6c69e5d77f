/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What system/hostile tells its guests, by QEMU's loader, which writes it at
 * this address before they start; and what they tell, by lines "# WHAT NUMBER".
 */
#ifndef TOLD_H
#define TOLD_H

#include "tests/bare/bare.h"
#include "tests/bare/machine.h"

#define TOLD_AT	0x10000

struct told {
	uint64_t seed;
	uint64_t seconds;
};

#define TOLD	((const volatile struct told *)(uintptr_t)TOLD_AT)

/* Return the next number of the sequence that @state is in, which is not 0. */
static inline uint64_t random_of(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 0x2545f4914f6cdd1d;
}

/* Begin the sequence @number of the seed. */
static inline uint64_t sequence_of(unsigned int number)
{
	uint64_t state = (TOLD->seed * CPUS + number + 1) * 0x9e3779b97f4a7c15;

	random_of(&state);
	return state;
}

static inline void tell(const char *what, uint64_t number)
{
	say("# ");
	say(what);
	say(" ");
	say_number(number, 10, 1);
	say("\n");
}

#endif /* TOLD_H */
