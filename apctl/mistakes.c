// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include "mistakes.h"

void mistake(struct mistakes *mistakes, unsigned int line, const char *format, ...)
{
	va_list arguments;

	fprintf(mistakes->err, "apctl: %s:%u: ", mistakes->file, line);
	va_start(arguments, format);
	vfprintf(mistakes->err, format, arguments);
	va_end(arguments);
	fputc('\n', mistakes->err);
	mistakes->found = true;
}
