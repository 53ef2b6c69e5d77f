// SPDX-License-Identifier: GPL-2.0-only
#include "console.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void keep(struct console *console, const char *data, size_t length)
{
	size_t over;

	if (length > CONSOLE_END) {
		data += length - CONSOLE_END;
		length = CONSOLE_END;
	}
	over = console->length + length > CONSOLE_END ? console->length + length - CONSOLE_END : 0;
	memmove(console->end, console->end + over, console->length - over);
	console->length -= over;
	memcpy(console->end + console->length, data, length);
	console->length += length;
}

static void log_it(struct console *console, const char *data, size_t length)
{
	if (console->file < 0 || console->written + length > CONSOLE_FILE_MAX)
		return;
	if (write(console->file, data, length) < 0)
		console->file = -1;
	console->written += length;
}

bool console_serve(struct console *console)
{
	char data[CONSOLE_END];
	ssize_t length;

	if (console->fd < 0)
		return false;
	while ((length = read(console->fd, data, sizeof(data))) > 0) {
		keep(console, data, length);
		log_it(console, data, length);
	}
	return length < 0 && (errno == EAGAIN || errno == EINTR);
}

void console_load(struct console *console, const char *path)
{
	g_autofree char *text = NULL;
	gsize length;

	if (g_file_get_contents(path, &text, &length, NULL))
		keep(console, text, length);
}

static const char *last_lines(const struct console *console)
{
	const char *p = console->end + console->length;
	int lines = 0;

	while (p > console->end) {
		if (p[-1] == '\n' && ++lines > CONSOLE_LINES)
			break;
		p--;
	}
	return p;
}

void console_show(const struct console *console)
{
	const char *end = console->end + console->length;

	for (const char *p = last_lines(console); p < end; p++) {
		if ((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t')
			fputc(*p, stderr);
	}
	if (console->length && end[-1] != '\n')
		fputc('\n', stderr);
}
