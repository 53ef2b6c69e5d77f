/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz tests share: tests/fuzz/NOUN.c has the one function that libFuzzer
 * calls, with bytes that nobody vouches for. A sanitizer's report, a hang and a
 * promise that was not kept end the test.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define promised(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not kept: %s\n",	\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

/* A copy that ends where the memory ends, so that ASan sees every slip. */
static inline void *exact_copy(const void *bytes, size_t length)
{
	void *copy = malloc(length ? length : 1);

	promised(copy);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

/* The same as a string; the caller frees either. */
static inline char *exact_string(const void *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	promised(copy);
	if (length)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

/* As many of the next bytes as there are, at most @length. */
static inline struct slice take_up_to(struct cursor *c, size_t length)
{
	return cursor_take(c, length < cursor_left(c) ? length :
							cursor_left(c));
}

#endif /* FUZZ_H */
