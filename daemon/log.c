// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

static void write_line(enum log_level level, const char *format, va_list args)
{
	char line[512];

	vsnprintf(line, sizeof(line), format, args);
	fprintf(stderr, "swcexd: %s: %s\n", names[level], line);
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	if (level > threshold)
		return;
	va_start(args, format);
	write_line(level, format, args);
	va_end(args);
}

/*
 * The present period of messages about VMs: when it began, in seconds, how many
 * lines were written in it, and how many were dropped.
 */
static struct {
	time_t since;
	unsigned int lines, left_out;
} period;

static bool period_has_room(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - period.since >= LOG_PERIOD_SECONDS) {
		if (period.left_out)
			log_line(LOG_WARNING, "%u lines about VMs were dropped",
				 period.left_out);
		period.since = now.tv_sec;
		period.lines = period.left_out = 0;
	}
	if (period.lines < LOG_PERIOD_LINES) {
		period.lines++;
		return true;
	}
	period.left_out++;
	return false;
}

void log_vm(enum log_level level, const char *format, ...)
{
	va_list args;

	if (level > threshold || !period_has_room())
		return;
	va_start(args, format);
	write_line(level, format, args);
	va_end(args);
}

void log_vm_left_out(unsigned int lines)
{
	period.left_out += lines;
}
