// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes/builder.h"
#include "bytes/cursor.h"
#include "card/type6.c"

#define CPRB	221
#define DATA	40
#define MESSAGE	(TYPE6_HEADER_SIZE + CPRB + PADDING_MAX + DATA)

/* Offsets of fields of the header. */
enum {
	AT_TYPE		= 1,
	AT_OFFSET1	= 16,
	AT_OFFSET2	= 20,
	AT_AGENT	= 32,
	AT_FUNCTION	= 52,
	AT_LENGTH1	= 56,
	AT_LENGTH2	= 60,
	AT_ROOM1	= 72,
	AT_ROOM2	= 76,
};

static void poke(uint8_t *message, size_t at, uint32_t value)
{
	struct builder b = builder_of(message, MESSAGE);

	build_space(&b, MESSAGE);
	build_patch_u32(&b, at, value);
	assert_false(builder_is_broken(&b));
}

/* Make a request with a CPRB, three bytes of padding, and data. */
static void make(uint8_t *message)
{
	memset(message, 0, MESSAGE);
	message[AT_TYPE] = 6;
	memcpy(message + AT_AGENT, "CA", 2);
	memcpy(message + AT_FUNCTION, "RL", 2);
	poke(message, AT_OFFSET1, TYPE6_HEADER_SIZE);
	poke(message, AT_OFFSET2, TYPE6_HEADER_SIZE + CPRB + PADDING_MAX);
	poke(message, AT_LENGTH1, CPRB);
	poke(message, AT_LENGTH2, DATA);
	poke(message, AT_ROOM1, 500);
	poke(message, AT_ROOM2, 4096);
	memset(message + TYPE6_HEADER_SIZE, 'c', CPRB);
	memset(message + MESSAGE - DATA, 'd', DATA);
}

/*
 * Parse a copy of exactly @length bytes, so that ASan sees any access beyond
 * it.
 */
static enum type6_error parse(const uint8_t *message, size_t length)
{
	uint8_t *exact = malloc(length ? length : 1);
	struct type6 request;
	enum type6_error error;

	assert_non_null(exact);
	memcpy(exact, message, length);
	error = type6_parse(exact, length, TYPE6_CCA, &request);
	free(exact);
	return error;
}

static void test_request(void **state)
{
	uint8_t message[MESSAGE];
	struct type6 request;

	(void)state;
	make(message);
	assert_int_equal(type6_parse(message, MESSAGE, TYPE6_CCA, &request), 0);
	assert_int_equal(request.function, 'R' << 8 | 'L');
	assert_int_equal(request.cprb.length, CPRB);
	assert_int_equal(request.cprb.at[0], 'c');
	assert_int_equal(request.data.length, DATA);
	assert_int_equal(request.data.at[0], 'd');
	assert_int_equal(request.cprb_room, 500);
	assert_int_equal(request.data_room, 4096);
}

static void test_no_data(void **state)
{
	uint8_t message[MESSAGE];
	struct type6 request;

	(void)state;
	make(message);
	poke(message, AT_OFFSET2, 0);
	poke(message, AT_LENGTH2, 0);
	for (size_t padding = 0; padding <= PADDING_MAX; padding++)
		assert_int_equal(type6_parse(message, TYPE6_HEADER_SIZE + CPRB +
					     padding, TYPE6_CCA, &request), 0);
	assert_int_equal(request.data.length, 0);
	assert_int_equal(parse(message, TYPE6_HEADER_SIZE + CPRB +
			       PADDING_MAX + 1), TYPE6_LENGTH);
}

static void test_truncated(void **state)
{
	uint8_t message[MESSAGE];

	(void)state;
	make(message);
	for (size_t length = 0; length < MESSAGE; length++)
		assert_int_equal(parse(message, length), TYPE6_LENGTH);
}

static void test_lies(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		enum type6_error error;
	} lies[] = {
		{ AT_OFFSET1, 0, TYPE6_MALFORMED },
		{ AT_OFFSET1, TYPE6_HEADER_SIZE + 4, TYPE6_MALFORMED },
		{ AT_OFFSET1, UINT32_MAX, TYPE6_MALFORMED },
		{ AT_LENGTH1, 0, TYPE6_LENGTH },
		{ AT_LENGTH1, CPRB + PADDING_MAX + 1, TYPE6_LENGTH },
		{ AT_LENGTH1, UINT32_MAX, TYPE6_LENGTH },
		{ AT_OFFSET2, 0, TYPE6_LENGTH },
		{ AT_OFFSET2, TYPE6_HEADER_SIZE, TYPE6_LENGTH },
		{ AT_OFFSET2, MESSAGE, TYPE6_LENGTH },
		{ AT_OFFSET2, UINT32_MAX, TYPE6_LENGTH },
		{ AT_LENGTH2, DATA - PADDING_MAX - 1, TYPE6_LENGTH },
		{ AT_LENGTH2, DATA + 1, TYPE6_LENGTH },
		{ AT_LENGTH2, UINT32_MAX, TYPE6_LENGTH },
		{ 0, 0x00500000, TYPE6_MALFORMED },
		{ 0, 0x00060001, TYPE6_RESERVED_FIELD },
		{ 0, 0x01060000, TYPE6_RESERVED_FIELD },
		{ 8, 1, TYPE6_RESERVED_FIELD },
		{ AT_OFFSET2 + 4, 1, TYPE6_RESERVED_FIELD },
		{ AT_OFFSET2 + 8, 1, TYPE6_RESERVED_FIELD },
		{ AT_LENGTH2 + 4, 1, TYPE6_RESERVED_FIELD },
		{ AT_AGENT, 0x58430000, TYPE6_FORMAT_FIELD },
		{ AT_AGENT, 0, TYPE6_FORMAT_FIELD },
	};
	uint8_t message[MESSAGE];

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		make(message);
		poke(message, lies[i].at, lies[i].value);
		assert_int_equal(parse(message, MESSAGE), lies[i].error);
	}
}

static void test_agent(void **state)
{
	uint8_t message[MESSAGE];
	struct type6 request;

	(void)state;
	make(message);
	memcpy(message + AT_AGENT, "XC", 2);
	assert_int_equal(type6_parse(message, MESSAGE, TYPE6_EP11, &request), 0);
	assert_int_equal(type6_parse(message, MESSAGE, TYPE6_CCA, &request),
			 TYPE6_FORMAT_FIELD);
}

static uint32_t peek(const uint8_t *reply, size_t at)
{
	struct cursor c = cursor_of(reply + at, 4);

	return cursor_u32(&c);
}

static void test_reply(void **state)
{
	uint8_t reply[TYPE86_HEADER_SIZE + 12];

	(void)state;
	memset(reply, 0xee, sizeof(reply));
	assert_int_equal(type86_reply(reply, 9, 0), TYPE86_HEADER_SIZE + 9);
	assert_int_equal(peek(reply, 0), 0x00860200);
	assert_int_equal(peek(reply, 4), 0);
	assert_int_equal(peek(reply, 16), 9);
	assert_int_equal(peek(reply, 20), TYPE86_HEADER_SIZE);
	assert_int_equal(peek(reply, 24), 0);
	assert_int_equal(peek(reply, 28), TYPE86_HEADER_SIZE + 9);
	assert_int_equal(reply[TYPE86_HEADER_SIZE + 8], 0xee);
}

static void test_reply_with_data(void **state)
{
	uint8_t reply[TYPE86_HEADER_SIZE + 12 + 5];

	(void)state;
	memset(reply, 0xee, sizeof(reply));
	assert_int_equal(type86_data_offset(9), TYPE86_HEADER_SIZE + 12);
	assert_int_equal(type86_data_offset(12), TYPE86_HEADER_SIZE + 12);
	assert_int_equal(type86_reply(reply, 9, 5), sizeof(reply));
	assert_int_equal(peek(reply, 24), 5);
	assert_int_equal(peek(reply, 28), TYPE86_HEADER_SIZE + 12);
	assert_int_equal(reply[TYPE86_HEADER_SIZE + 8], 0xee);
	assert_int_equal(reply[TYPE86_HEADER_SIZE + 9], 0);
	assert_int_equal(reply[TYPE86_HEADER_SIZE + 12], 0xee);
}

static void test_error(void **state)
{
	static const uint8_t expected[] = { 0, 0x82, 0, 0, 0x41, 0, 0, 0 };
	uint8_t reply[sizeof(expected)];

	(void)state;
	assert_int_equal(type82_error(reply, TYPE6_FUNCTION), sizeof(expected));
	assert_memory_equal(reply, expected, sizeof(expected));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_reply_with_data),
		cmocka_unit_test(test_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
