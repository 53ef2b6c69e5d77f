/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps what a unit test sends as an input for fuzz/NOUN, whose first byte, 0,
 * says that a whole message follows: `make seeds`.
 */
#ifndef TESTS_UNIT_SEED_H
#define TESTS_UNIT_SEED_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void seed_keep(const char *noun, const void *message,
			     size_t length)
{
	static unsigned int number;
	const char *directory = getenv("SEEDS");
	char path[512];
	FILE *file;

	if (!directory)
		return;
	snprintf(path, sizeof(path), "%s/%s/%d-%u", directory, noun, getpid(),
		 number++);
	file = fopen(path, "w");
	assert_non_null(file);
	fputc(0, file);
	fwrite(message, 1, length, file);
	assert_int_equal(fclose(file), 0);
}

#endif /* TESTS_UNIT_SEED_H */
