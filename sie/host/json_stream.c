// SPDX-License-Identifier: GPL-2.0-only
#include "json_stream.h"

void json_stream_init(struct json_stream *stream)
{
	stream->tokener = json_tokener_new_ex(JSON_STREAM_DEPTH);
	stream->bytes = g_byte_array_new();
	stream->length = 0;
}

void json_stream_exit(struct json_stream *stream)
{
	json_tokener_free(stream->tokener);
	g_byte_array_unref(stream->bytes);
}

void json_stream_put(struct json_stream *stream, const void *bytes, size_t length)
{
	g_byte_array_append(stream->bytes, bytes, length);
}

static void begin_anew(struct json_stream *stream)
{
	json_tokener_reset(stream->tokener);
	stream->length = 0;
}

static int fail(struct json_stream *stream, struct json_object *other)
{
	json_object_put(other);
	begin_anew(stream);
	g_byte_array_set_size(stream->bytes, 0);
	return -1;
}

/* The tokener stores what it has read of an incomplete object. */
int json_stream_take(struct json_stream *stream, struct json_object **object)
{
	GByteArray *bytes = stream->bytes;
	enum json_tokener_error error;
	size_t used;

	if (!bytes->len)
		return 0;
	*object = json_tokener_parse_ex(stream->tokener, (char *)bytes->data, bytes->len);
	error = json_tokener_get_error(stream->tokener);
	used = json_tokener_get_parse_end(stream->tokener);
	stream->length += used;
	if (stream->length > JSON_STREAM_MAX)
		return fail(stream, *object);
	if (error == json_tokener_continue) {
		g_byte_array_set_size(bytes, 0);
		return 0;
	}
	if (error != json_tokener_success || !json_object_is_type(*object, json_type_object))
		return fail(stream, *object);
	g_byte_array_remove_range(bytes, 0, used);
	begin_anew(stream);
	return 1;
}
