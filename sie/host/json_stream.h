/* SPDX-License-Identifier: GPL-2.0-only */
/* A parser of JSON objects in a stream of bytes, as in QMP. */
#ifndef HOST_JSON_STREAM_H
#define HOST_JSON_STREAM_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* Limits of an object's depth and length */
#define JSON_STREAM_DEPTH	32
#define JSON_STREAM_MAX		(1 << 20)

struct json_stream {
	struct json_tokener *tokener;
	GByteArray *bytes;
	size_t length;	/* of the incomplete object */
};

void json_stream_init(struct json_stream *stream);
void json_stream_exit(struct json_stream *stream);

/* Append bytes, from which json_stream_take() takes objects. */
void json_stream_put(struct json_stream *stream, const void *bytes, size_t length);

/*
 * Take the next object. Return 1 and a reference to the object, which the
 * caller puts, or 0 if none is complete. Return -1 if the bytes are not an
 * object; all bytes in the stream are discarded then.
 */
int json_stream_take(struct json_stream *stream, struct json_object **object);

#endif /* HOST_JSON_STREAM_H */
