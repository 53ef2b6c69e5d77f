// SPDX-License-Identifier: GPL-2.0-only
#include "order.h"

#include <stdarg.h>
#include <string.h>

#include "protocol.h"
#include "sie/frame.h"

void order_frame(GByteArray *order, uint8_t type, const void *payload, size_t length)
{
	static struct frame_writer writer;

	frame_put(&writer, type, payload, length);
	g_byte_array_append(order, writer.data, writer.filled);
	writer.filled = 0;
}

/*
 * A field that is longer than a frame is truncated to one that the supervisor
 * does not understand, so that it is not lost silently.
 */
void order_setup(GByteArray *order, const char *name, const char *format, ...)
{
	g_autofree char *value = NULL, *field = NULL;
	va_list args;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	field = g_strconcat(name, "=", value, NULL);
	order_frame(order, RUN_SETUP, field, MIN(strlen(field) + 1, FRAME_MAX));
}

void order_mount(GByteArray *order, const char *type, const char *source, const char *target,
		 const char *flags, const char *options)
{
	order_setup(order, "mount", "%s\t%s\t%s\t%s\t%s", type, source, target, flags, options);
}

void order_string(GByteArray *order, uint8_t type, const char *string)
{
	size_t left = strlen(string);

	for (; left > FRAME_MAX; left -= FRAME_MAX, string += FRAME_MAX)
		order_frame(order, RUN_PART, string, FRAME_MAX);
	order_frame(order, type, string, left);
}
