// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static const char *const names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

static enum log_level threshold = LOG_INFO;

bool log_set_level(const char *name)
{
	for (enum log_level level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		if (!strcmp(name, names[level])) {
			threshold = level;
			return true;
		}
	}
	return false;
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[512];
	va_list args;

	if (level > threshold)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "apd: %s: %s\n", names[level], line);
}
