// SPDX-License-Identifier: GPL-2.0-only
#include "outlet.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_LINE	(64 * 1024)
#define ROOM		(256 * 1024)

void outlet_init(struct outlet *outlet, int fd)
{
	*outlet = (struct outlet){ fd, g_byte_array_new() };
}

void outlet_end(struct outlet *outlet)
{
	g_byte_array_unref(outlet->waiting);
}

bool outlet_has_room(const struct outlet *outlet)
{
	return outlet->waiting->len < ROOM;
}

/* A blocking pipe accepts PIPE_BUF bytes without waiting. */
void outlet_out(struct outlet *outlet)
{
	ssize_t length = write(outlet->fd, outlet->waiting->data, MIN(outlet->waiting->len, PIPE_BUF));

	if (length > 0) {
		g_byte_array_remove_range(outlet->waiting, 0, length);
	} else if (errno != EAGAIN && errno != EINTR) {
		outlet->fd = -1;
		g_byte_array_set_size(outlet->waiting, 0);
	}
}

static void put(GByteArray *bytes, const void *data, size_t length)
{
	g_byte_array_append(bytes, data, length);
}

static void pass_line(struct source *source)
{
	GByteArray *waiting = source->outlet->waiting;

	if (source->outlet->fd >= 0) {
		put(waiting, source->name, strlen(source->name));
		put(waiting, ": ", 2);
		put(waiting, source->line->data, source->line->len);
		put(waiting, "\n", 1);
	}
	g_byte_array_set_size(source->line, 0);
}

void source_init(struct source *source, struct outlet *outlet, const char *name)
{
	*source = (struct source){ outlet, name, g_byte_array_new() };
}

void source_say(struct source *source, const void *data, size_t length)
{
	const char *p = data, *end = p + length;

	while (p < end) {
		const char *newline = memchr(p, '\n', end - p);
		size_t part = (newline ? newline : end) - p;

		part = MIN(part, LONGEST_LINE - source->line->len);
		put(source->line, p, part);
		p += part;
		if (p == newline)
			p++;
		else if (source->line->len < LONGEST_LINE)
			return;
		pass_line(source);
	}
}

void source_end(struct source *source)
{
	if (source->line && source->line->len)
		pass_line(source);
	g_clear_pointer(&source->line, g_byte_array_unref);
}
