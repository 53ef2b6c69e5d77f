// SPDX-License-Identifier: GPL-2.0-only
#include "frame.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Taken frames make room, and an incomplete frame is moved to the front. */
ssize_t frame_fill(struct frame_reader *reader, int fd)
{
	ssize_t length;

	reader->filled -= reader->taken;
	memmove(reader->data, reader->data + reader->taken, reader->filled);
	reader->taken = 0;

	length = read(fd, reader->data + reader->filled,
		      sizeof(reader->data) - reader->filled);
	if (length > 0)
		reader->filled += length;
	return length;
}

int frame_take(struct frame_reader *reader, struct frame *frame)
{
	const uint8_t *header = reader->data + reader->taken;
	size_t there = reader->filled - reader->taken;

	if (there < FRAME_HEADER)
		return 0;
	frame->type = header[0];
	frame->payload = header + FRAME_HEADER;
	frame->length = header[2] << 8 | header[3];
	if (header[1] || frame->length > FRAME_MAX) {
		errno = EPROTO;
		return -1;
	}
	if (there < FRAME_HEADER + frame->length)
		return 0;
	reader->taken += FRAME_HEADER + frame->length;
	return 1;
}

size_t frame_room(const struct frame_writer *writer)
{
	return (sizeof(writer->data) - writer->filled) / (FRAME_HEADER + FRAME_MAX);
}

bool frame_has_room(const struct frame_writer *writer)
{
	return frame_room(writer);
}

void frame_put(struct frame_writer *writer, uint8_t type,
	       const void *payload, size_t length)
{
	uint8_t *header = writer->data + writer->filled;

	assert(length <= FRAME_MAX && frame_has_room(writer));
	header[0] = type;
	header[1] = 0;
	header[2] = length >> 8;
	header[3] = length;
	if (length)
		memcpy(header + FRAME_HEADER, payload, length);
	writer->filled += FRAME_HEADER + length;
}

bool frame_is_flushed(const struct frame_writer *writer)
{
	return !writer->filled;
}

bool frame_flush(struct frame_writer *writer, int fd)
{
	ssize_t length = write(fd, writer->data + writer->sent,
			       writer->filled - writer->sent);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR;
	writer->sent += length;
	if (writer->sent == writer->filled)
		writer->sent = writer->filled = 0;
	return true;
}

bool frame_flush_all(struct frame_writer *writer, int fd)
{
	while (!frame_is_flushed(writer)) {
		if (!frame_flush(writer, fd))
			return false;
	}
	return true;
}

void fields_of(struct fields *fields, const struct frame *frame)
{
	fields->next = (const char *)frame->payload;
	fields->end = fields->next + frame->length;
}

int field_next(struct fields *fields, const char **name, size_t *name_length,
	       const char **value)
{
	size_t left = fields->end - fields->next;
	size_t length = strnlen(fields->next, left);
	const char *sign = memchr(fields->next, '=', length);

	if (!left)
		return 0;
	if (length == left || !sign) {
		errno = EPROTO;
		return -1;
	}
	*name = fields->next;
	*name_length = sign - *name;
	*value = sign + 1;
	fields->next += length + 1;
	return 1;
}

bool field_put(char *payload, size_t *length, const char *name,
	       const char *format, ...)
{
	size_t left = FRAME_MAX - *length;
	int head, tail = 0;
	va_list args;

	head = snprintf(payload + *length, left, "%s=", name);
	if (head >= 0 && (size_t)head < left) {
		va_start(args, format);
		tail = vsnprintf(payload + *length + head, left - head, format, args);
		va_end(args);
	}
	if (head < 0 || tail < 0 || (size_t)head + tail >= left) {
		errno = E2BIG;
		return false;
	}
	*length += head + tail + 1;
	return true;
}
