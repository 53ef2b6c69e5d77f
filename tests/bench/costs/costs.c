// SPDX-License-Identifier: GPL-2.0-only
#include "costs.h"

#include "tests/bare/machine.h"

#define TIMES	3
#define ROUNDS	20000

static void say_time(void (*round)(void))
{
	uint64_t begin = microseconds();

	for (unsigned int i = 0; i < ROUNDS; i++)
		round();
	say_number((microseconds() - begin) * 1000 / ROUNDS, 10, 1);
}

void compare(const char *name, void (*with)(void), void (*without)(void))
{
	for (unsigned int i = 0; i < TIMES; i++) {
		say(name);
		say(": ");
		say_time(with);
		say(" ");
		say_time(without);
		say("\n");
	}
}
