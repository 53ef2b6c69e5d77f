// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bytes/cursor.h"
#include "card/type50.c"
#include "tests/unit/seeded.h"

#define REQUEST_MAX	3072

static size_t length_of(const struct format *format)
{
	return format->crt ? TYPE50_HEADER_SIZE + format->width / 2 * 7 :
			     TYPE50_HEADER_SIZE + format->width * 3;
}

/* Make a valid request with random operands. */
static size_t make(const struct format *format, uint8_t *message)
{
	size_t length = length_of(format);

	memset(message, 0, TYPE50_HEADER_SIZE);
	seeded_bytes(message + TYPE50_HEADER_SIZE, length - TYPE50_HEADER_SIZE);
	message[1] = 0x50;
	message[2] = length >> 8;
	message[3] = length;
	message[8] = format->code >> 8;
	message[9] = format->code;
	return length;
}

/*
 * Parse a copy of exactly @length bytes, so that ASan sees any access beyond
 * it.
 */
static enum type50_error parse_copy(const uint8_t *message, size_t length,
				    struct type50 *request)
{
	uint8_t *copy = malloc(length ? length : 1);
	enum type50_error error;

	assert_non_null(copy);
	memcpy(copy, message, length);
	error = type50_parse(copy, length, request);
	free(copy);
	return error;
}

static enum type50_error parse(const uint8_t *message, size_t length)
{
	struct type50 request;

	return parse_copy(message, length, &request);
}

#define EACH_FORMAT(f)						\
	const struct format *f = formats;			\
	f < formats + sizeof(formats) / sizeof(formats[0]); f++

static void is_slice(struct slice slice, const uint8_t *at, size_t length)
{
	assert_ptr_equal(slice.at, at);
	assert_int_equal(slice.length, length);
}

static void operands_are_where_they_belong(void **state)
{
	uint8_t m[REQUEST_MAX];
	struct type50 r;

	(void)state;
	assert_int_equal(type50_parse(m, make(&formats[1], m), &r), TYPE50_OK);
	assert_false(r.crt);
	assert_int_equal(r.width, 256);
	is_slice(r.exponent, m + 16, 256);
	is_slice(r.modulus, m + 16 + 256, 256);
	is_slice(r.message, m + 16 + 512, 256);

	assert_int_equal(type50_parse(m, make(&formats[5], m), &r), TYPE50_OK);
	assert_true(r.crt);
	assert_int_equal(r.width, 512);
	is_slice(r.p, m + 16, 256);
	is_slice(r.q, m + 16 + 256, 256);
	is_slice(r.dp, m + 16 + 512, 256);
	is_slice(r.dq, m + 16 + 768, 256);
	is_slice(r.u, m + 16 + 1024, 256);
	is_slice(r.message, m + 16 + 1280, 512);
}

static void every_format_is_taken(void **state)
{
	uint8_t message[REQUEST_MAX];

	(void)state;
	for (EACH_FORMAT(format))
		assert_int_equal(parse(message, make(format, message)),
				 TYPE50_OK);
}

static void every_truncation_is_refused(void **state)
{
	uint8_t message[REQUEST_MAX];

	(void)state;
	for (EACH_FORMAT(format)) {
		size_t length = make(format, message);

		assert_int_equal(parse(message, 0), TYPE50_MALFORMED);
		assert_int_equal(parse(message, 1), TYPE50_MALFORMED);
		for (size_t cut = 2; cut < length; cut++)
			assert_int_equal(parse(message, cut), TYPE50_LENGTH);
	}
}

/*
 * The length in the header is that of the truncated message, so only the format
 * shows that it is truncated.
 */
static void a_truncation_with_its_length_is_refused(void **state)
{
	uint8_t message[REQUEST_MAX];

	(void)state;
	for (EACH_FORMAT(format)) {
		size_t length = make(format, message);

		for (size_t cut = TYPE50_HEADER_SIZE; cut < length; cut += 13) {
			message[2] = cut >> 8;
			message[3] = cut;
			assert_int_equal(parse(message, cut), TYPE50_LENGTH);
		}
	}
}

static void a_wrong_length_is_refused(void **state)
{
	uint8_t message[REQUEST_MAX];

	(void)state;
	for (EACH_FORMAT(format)) {
		size_t length = make(format, message);

		for (unsigned int told = 0; told <= UINT16_MAX; told += 17) {
			message[2] = told >> 8;
			message[3] = told;
			assert_int_equal(parse(message, length),
					 told == length ? TYPE50_OK :
							  TYPE50_LENGTH);
		}
	}
}

static void extra_bytes_are_refused(void **state)
{
	uint8_t message[REQUEST_MAX + 1] = { 0 };

	(void)state;
	for (EACH_FORMAT(format)) {
		size_t length = make(format, message) + 1;

		message[2] = length >> 8;
		message[3] = length;
		assert_int_equal(parse(message, length), TYPE50_LENGTH);
	}
}

static void each_byte_of_the_header_counts(void **state)
{
	static const enum type50_error expected[TYPE50_HEADER_SIZE] = {
		[0] = TYPE50_RESERVED_FIELD,
		[1] = TYPE50_MALFORMED,
		[2] = TYPE50_LENGTH,
		[3] = TYPE50_LENGTH,
		[4] = TYPE50_RESERVED_FIELD,
		[5] = TYPE50_OK,
		[6] = TYPE50_RESERVED_FIELD,
		[7] = TYPE50_RESERVED_FIELD,
		[8] = TYPE50_KEY_TYPE,
		[9] = TYPE50_KEY_TYPE,
		[10] = TYPE50_RESERVED_FIELD,
		[11] = TYPE50_RESERVED_FIELD,
		[12] = TYPE50_RESERVED_FIELD,
		[13] = TYPE50_RESERVED_FIELD,
		[14] = TYPE50_RESERVED_FIELD,
		[15] = TYPE50_RESERVED_FIELD,
	};
	uint8_t message[REQUEST_MAX];

	(void)state;
	for (size_t i = 0; i < TYPE50_HEADER_SIZE; i++) {
		size_t length = make(&formats[0], message);

		message[i] ^= 0x80;
		assert_int_equal(parse(message, length), expected[i]);
	}
}

/*
 * Return whether zcrypt returns EINVAL for a code and leaves the queue online.
 */
static bool zcrypt_blames_the_caller(uint8_t code)
{
	static const uint8_t codes[] = {
		0x22, 0x23, 0x24, 0x29, 0x34, 0x40, 0x41, 0x80, 0x82, 0x84,
		0x85, 0x8a, 0x8b, 0xa0,
	};

	return memchr(codes, code, sizeof(codes));
}

static void error_replies_blame_the_caller(void **state)
{
	static const enum type50_error errors[] = {
		TYPE50_MALFORMED, TYPE50_LENGTH, TYPE50_RESERVED_FIELD,
		TYPE50_KEY_TYPE, TYPE50_INVALID_KEY, TYPE50_OPERAND,
		TYPE50_EVEN_MODULUS,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint8_t reply[8];

		memset(reply, 0xee, sizeof(reply));
		assert_int_equal(type80_error(reply, errors[i]), 8);
		assert_true(reply[1] == 0x82 || reply[1] == 0x88);
		assert_true(zcrypt_blames_the_caller(reply[4]));
		reply[1] = reply[4] = 0;
		assert_memory_equal(reply, ((uint8_t[8]){ 0 }), 8);
	}
}

static void a_reply_tells_its_length(void **state)
{
	uint8_t reply[16];

	(void)state;
	memset(reply, 0xee, sizeof(reply));
	assert_int_equal(type80_reply(reply, 512), 0x210);
	assert_memory_equal(reply, ((uint8_t[16]){ 0, 0x80, 0x02, 0x10 }), 16);
}

static void random_bytes_do_no_harm(void **state)
{
	uint8_t message[REQUEST_MAX];
	struct type50 request;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t length = seeded_below(REQUEST_MAX);

		seeded_bytes(message, 32);
		message[1] = 0x50;
		message[8] = 0;
		if (i % 2)
			message[9] &= 0x13;
		parse_copy(message, length, &request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operands_are_where_they_belong),
		cmocka_unit_test(every_format_is_taken),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_truncation_with_its_length_is_refused),
		cmocka_unit_test(a_wrong_length_is_refused),
		cmocka_unit_test(extra_bytes_are_refused),
		cmocka_unit_test(each_byte_of_the_header_counts),
		cmocka_unit_test(error_replies_blame_the_caller),
		cmocka_unit_test(a_reply_tells_its_length),
		cmocka_unit_test(random_bytes_do_no_harm),
	};

	return cmocka_run_group_tests_name("type50", tests, NULL, NULL);
}
