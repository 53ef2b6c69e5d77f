// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "sie/frame.c"

static int fds[2];
static struct frame_reader *reader;
static struct frame_writer *writer;
static struct frame frame;

static int setup(void **state)
{
	(void)state;
	reader = calloc(1, sizeof(*reader));
	writer = calloc(1, sizeof(*writer));
	return !reader || !writer || socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static int teardown(void **state)
{
	(void)state;
	free(reader);
	free(writer);
	close(fds[0]);
	close(fds[1]);
	return 0;
}

static void receive(const void *bytes, size_t length)
{
	assert_int_equal(write(fds[1], bytes, length), length);
	assert_int_equal(frame_fill(reader, fds[0]), length);
}

static void a_frame_in_pieces(void **state)
{
	(void)state;
	receive("\x02", 1);
	assert_int_equal(frame_take(reader, &frame), 0);
	receive("\0\0\3ab", 5);
	assert_int_equal(frame_take(reader, &frame), 0);
	receive("c", 1);
	assert_int_equal(frame_take(reader, &frame), 1);
	assert_int_equal(frame.type, FRAME_INPUT);
	assert_int_equal(frame.length, 3);
	assert_memory_equal(frame.payload, "abc", 3);
	assert_int_equal(frame_take(reader, &frame), 0);
}

static void frames_in_one_piece(void **state)
{
	(void)state;
	receive("\3\0\0\0\2\0\0\1x\2", 10);
	assert_int_equal(frame_take(reader, &frame), 1);
	assert_int_equal(frame.type, FRAME_STOP);
	assert_int_equal(frame.length, 0);
	assert_int_equal(frame_take(reader, &frame), 1);
	assert_int_equal(frame.length, 1);
	assert_int_equal(frame_take(reader, &frame), 0);
	receive("\0\0\0", 3);
	assert_int_equal(frame_take(reader, &frame), 1);
	assert_int_equal(frame.type, FRAME_INPUT);
}

static void a_reserved_byte_is_refused(void **state)
{
	(void)state;
	receive("\2\1\0\0", 4);
	assert_int_equal(frame_take(reader, &frame), -1);
}

static void a_length_above_the_most_is_refused(void **state)
{
	(void)state;
	receive("\2\0\x40\1", 4);
	assert_int_equal(frame_take(reader, &frame), -1);
}

static void the_longest_frame(void **state)
{
	uint8_t payload[FRAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = i * 7;
	frame_put(writer, FRAME_OUTPUT, payload, sizeof(payload));
	while (!frame_is_flushed(writer))
		assert_true(frame_flush(writer, fds[1]));
	while (!frame_take(reader, &frame))
		assert_true(frame_fill(reader, fds[0]) > 0);
	assert_int_equal(frame.length, sizeof(payload));
	assert_memory_equal(frame.payload, payload, sizeof(payload));
}

static void a_writer_fills_up(void **state)
{
	static const uint8_t payload[FRAME_MAX];
	unsigned int count = 0;

	(void)state;
	while (frame_has_room(writer)) {
		frame_put(writer, FRAME_OUTPUT, payload, sizeof(payload));
		count++;
	}
	assert_int_equal(count, 4);
}

static void a_closed_connection_is_an_error(void **state)
{
	(void)state;
	close(fds[1]);
	assert_int_equal(frame_fill(reader, fds[0]), 0);
	frame_put(writer, FRAME_STOP, NULL, 0);
	assert_false(frame_flush(writer, fds[1]));
	assert_int_equal(errno, EBADF);
}

/* Read all fields of @length bytes. Return their number, or -1. */
static int count_fields(const char *bytes, size_t length)
{
	const char *name, *value;
	struct fields fields;
	size_t name_length;
	int count = 0, more;
	char *copy = malloc(length + !length);

	/* ASan detects reads beyond a copy of exact size */
	memcpy(copy, bytes, length);
	frame.payload = (uint8_t *)copy;
	frame.length = length;
	fields_of(&fields, &frame);
	while ((more = field_next(&fields, &name, &name_length, &value)) > 0)
		count++;
	free(copy);
	return more ? more : count;
}

static void fields(void **state)
{
	(void)state;
	assert_int_equal(count_fields("", 0), 0);
	assert_int_equal(count_fields("a=b", 4), 1);
	assert_int_equal(count_fields("a=b\0c=\0=", 9), 3);
}

static void what_is_no_field(void **state)
{
	(void)state;
	assert_int_equal(count_fields("a=b", 3), -1);
	assert_int_equal(count_fields("ab", 3), -1);
	assert_int_equal(count_fields("a=b\0", 5), -1);
	assert_int_equal(count_fields("a=b\0c", 5), -1);
}

static void fields_come_back(void **state)
{
	char payload[FRAME_MAX];
	const char *name, *value;
	struct fields fields;
	size_t length = 0, name_length;

	(void)state;
	assert_true(field_put(payload, &length, "memory", "%d", 512));
	assert_true(field_put(payload, &length, "append", "a=b c"));
	frame.payload = (uint8_t *)payload;
	frame.length = length;
	fields_of(&fields, &frame);
	assert_int_equal(field_next(&fields, &name, &name_length, &value), 1);
	assert_memory_equal(name, "memory", name_length);
	assert_string_equal(value, "512");
	assert_int_equal(field_next(&fields, &name, &name_length, &value), 1);
	assert_string_equal(value, "a=b c");
	assert_int_equal(field_next(&fields, &name, &name_length, &value), 0);
}

static void fields_that_do_not_fit(void **state)
{
	char payload[FRAME_MAX];
	size_t length = FRAME_MAX - 4;

	(void)state;
	assert_false(field_put(payload, &length, "a", "12"));
	assert_int_equal(length, FRAME_MAX - 4);
	assert_true(field_put(payload, &length, "a", "1"));
	assert_int_equal(length, FRAME_MAX);
	assert_false(field_put(payload, &length, "a", "1"));
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_frame_in_pieces),
		test(frames_in_one_piece),
		test(a_reserved_byte_is_refused),
		test(a_length_above_the_most_is_refused),
		test(the_longest_frame),
		test(a_writer_fills_up),
		test(a_closed_connection_is_an_error),
		test(fields),
		test(what_is_no_field),
		test(fields_come_back),
		test(fields_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
