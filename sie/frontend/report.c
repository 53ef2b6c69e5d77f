// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where sentences are written; NULL for stderr */
static char *text;
static size_t size;

void report_into(char *new_text, size_t new_size)
{
	text = new_text;
	size = new_size;
	if (text)
		*text = '\0';
}

static void append(const char *format, va_list args)
{
	size_t length = strlen(text);

	if (length && length + 2 < size) {
		strcpy(text + length, "; ");
		length += 2;
	}
	vsnprintf(text + length, size - length, format, args);
}

static void print(const char *format, va_list args)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

bool report(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (text)
		append(format, args);
	else
		print(format, args);
	va_end(args);
	return false;
}
