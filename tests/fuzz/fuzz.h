/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz tests share. tests/fuzz/NOUN.c has the one function that
 * libFuzzer calls, with bytes that are not trusted. A report of a sanitizer, a
 * hang and a broken promise end the test.
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

/*
 * Return a copy that ends where its memory ends, so that ASan sees any access
 * beyond it. The caller frees it.
 */
static inline void *exact_copy(const void *bytes, size_t length)
{
	void *copy = malloc(length ? length : 1);

	promised(copy);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

/* Do the same for a string. */
static inline char *exact_string(const void *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	promised(copy);
	if (length)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

/* Take the next @length bytes, or as many as there are. */
static inline struct slice take_up_to(struct cursor *c, size_t length)
{
	return cursor_take(c, length < cursor_left(c) ? length :
							cursor_left(c));
}

#endif /* FUZZ_H */
