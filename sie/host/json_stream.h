/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON objects out of a stream of bytes, as QMP has them. */
#ifndef HOST_JSON_STREAM_H
#define HOST_JSON_STREAM_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* Objects are no deeper and no longer than this. */
#define JSON_STREAM_DEPTH	32
#define JSON_STREAM_MAX		(1 << 20)

struct json_stream {
	struct json_tokener *tokener;
	GByteArray *bytes;
	size_t length;	/* of the object that has begun */
};

void json_stream_init(struct json_stream *stream);
void json_stream_exit(struct json_stream *stream);

/* Append bytes; json_stream_take() takes objects out of them. */
void json_stream_put(struct json_stream *stream, const void *bytes, size_t length);

/*
 * Take the next object. Returns 1 and the object, which the caller puts; 0 if none is
 * complete; -1 for what is no object, after which all that was there is gone.
 */
int json_stream_take(struct json_stream *stream, struct json_object **object);

#endif /* HOST_JSON_STREAM_H */
