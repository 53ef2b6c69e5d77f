/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of the channel between the LPAR and its host: see PROTOCOL.
 *
 * Bytes come in through a struct frame_reader and go out through a struct
 * frame_writer. Neither blocks longer than one read() or write() does, so a
 * caller that polls can serve several descriptors.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FRAME_HEADER	4
#define FRAME_MAX	16384

enum frame_type {
	FRAME_START = 1,
	FRAME_INPUT,
	FRAME_STOP,
	FRAME_EXEC,
	FRAME_CHANGED,
	FRAME_HMP,	/* both ways, as is FRAME_QMP */
	FRAME_QMP,
	FRAME_DEVICE_DONE,
	FRAME_DEVICE_GONE,
	FRAME_PROBE,
	FRAME_DEVICE_PLUGGED,

	FRAME_OUTPUT = 16,
	FRAME_MESSAGE,
	FRAME_REFUSED,
	FRAME_EXIT,
	FRAME_DEVICE_ADD,
	FRAME_DEVICE_DEL,
	FRAME_RESET,
};

/* @payload is valid until the next call for the same reader. */
struct frame {
	uint8_t type;	/* an enum frame_type, or another protocol's */
	const uint8_t *payload;
	size_t length;
};

struct frame_reader {
	size_t taken, filled;
	uint8_t data[FRAME_HEADER + FRAME_MAX];
};

struct frame_writer {
	size_t sent, filled;
	uint8_t data[4 * (FRAME_HEADER + FRAME_MAX)];
};

/*
 * Read once from @fd. Return the number of bytes, 0 at the end of the
 * connection, or -1 with errno set. Take all frames before the next call.
 */
ssize_t frame_fill(struct frame_reader *reader, int fd);

/*
 * Take the next frame. Return 1, or 0 if none is complete, or -1 with errno set
 * to EPROTO.
 */
int frame_take(struct frame_reader *reader, struct frame *frame);

/* Return the number of frames of any size for which there is room. */
size_t frame_room(const struct frame_writer *writer);
bool frame_has_room(const struct frame_writer *writer);

/*
 * Append a frame. The writer must have room for it, and @length is at most
 * FRAME_MAX.
 */
void frame_put(struct frame_writer *writer, uint8_t type,
	       const void *payload, size_t length);

bool frame_is_flushed(const struct frame_writer *writer);

/*
 * Write once to @fd. Return false with errno set if that fails. EAGAIN is not a
 * failure.
 */
bool frame_flush(struct frame_writer *writer, int fd);

/*
 * Write to @fd until everything is written. Return false with errno set if that
 * fails.
 */
bool frame_flush_all(struct frame_writer *writer, int fd);

/*
 * Fields of a payload, "name=value\0" one after the other.
 *
 * field_next() returns 1 and sets *@name to the name, which ends at '=', and
 * *@value to the value, which ends at NUL. Both point into the frame. It
 * returns 0 at the end, or -1 with errno set to EPROTO if the rest is not a
 * field.
 */
struct fields {
	const char *next, *end;
};

void fields_of(struct fields *fields, const struct frame *frame);
int field_next(struct fields *fields, const char **name, size_t *name_length,
	       const char **value);

/*
 * Append a field to @payload, a buffer of FRAME_MAX bytes of which *@length are
 * used. Return false with errno set to E2BIG if there is no room.
 */
bool field_put(char *payload, size_t *length, const char *name,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif /* FRAME_H */
