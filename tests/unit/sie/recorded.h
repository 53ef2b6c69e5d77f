/* SPDX-License-Identifier: GPL-2.0-only */
/* Command lines that libvirt has written in an LPAR, one argument per line. */
#ifndef TESTS_SIE_RECORDED_H
#define TESTS_SIE_RECORDED_H

#include <stdio.h>
#include <string.h>

#define RECORDED_MAX	128

/* Fill @argv from the file; it ends in NULL. Return the number of arguments. */
static int recorded(const char *path, char *argv[RECORDED_MAX])
{
	static char text[32768];
	FILE *file = fopen(path, "r");
	size_t length;
	int argc = 0;

	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	assert_true(length && length < sizeof(text) - 1);
	fclose(file);
	text[length] = '\0';
	for (char *word = strtok(text, "\n"); word; word = strtok(NULL, "\n")) {
		assert_true(argc < RECORDED_MAX - 1);
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return argc;
}

#endif /* TESTS_SIE_RECORDED_H */
