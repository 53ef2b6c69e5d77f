// SPDX-License-Identifier: GPL-2.0-only
#include "status.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

bool quiet;

static void say(const char *format, va_list args)
{
	g_autofree char *sentence = g_strdup_vprintf(format, args);

	fprintf(stderr, "swcex run: %s\n", sentence);
}

bool complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return false;
}

void tell(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	say(format, args);
	va_end(args);
}
