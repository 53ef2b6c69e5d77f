// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/measurement.c"

#define COUNTERS	2
#define BLOCK		(BLOCK_HEADER + COUNTERS * 16)

static uint8_t area[MEASUREMENT_AREA], scratch[AP_MESSAGE_MAX];
static const uint8_t *response;

/* What the VM has; each number of a measurement tells what was asked for. */
static struct ap_qci qci;
static unsigned int commands;

static void execute(struct machine *machine, const struct ap_command *command,
		    const void *in, struct ap_result *result, void *out)
{
	struct ap_measurement m = { .type = 14, .mode = 9, .counters = COUNTERS };

	(void)machine;
	(void)in;
	*result = (struct ap_result){ 0 };
	if (command->op == AP_OP_QCI) {
		memcpy(out, &qci, sizeof(qci));
		return;
	}
	assert_int_equal(command->op, AP_OP_MEASURE);
	commands++;
	if (command->apqn == AP_APQN(5, 9)) {
		result->value = 19;
		return;
	}
	m.counter[0] = (struct ap_counter){ command->apqn, command->arg[0] };
	m.counter[1] = (struct ap_counter){ 0x0102030405060708, 9 };
	memcpy(out, &m, sizeof(m));
	result->length = sizeof(m);
}

static struct machine machine = { .execute = execute };

static unsigned int u16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static void has(unsigned int adapter, unsigned int domain)
{
	ap_mask_set(&qci.apcb.apm, adapter);
	ap_mask_set(&qci.apcb.aqm, domain);
}

static int setup(void **state)
{
	(void)state;
	memset(&qci, 0, sizeof(qci));
	memset(area, 0, sizeof(area));
	commands = 0;
	return 0;
}

/* Return the number of blocks. */
static size_t respond(void)
{
	size_t length;

	assert_true(measurement_is_asked(area));
	length = measurement_respond(&machine, area, scratch);
	response = area + u16(area);
	assert_int_equal(length, u16(response));
	assert_true(u16(area) + length <= sizeof(area));
	assert_int_equal(u16(response + 2), 1);
	assert_int_equal((length - 16) % BLOCK, 0);
	return (length - 16) / BLOCK;
}

static size_t adapters(uint8_t first, uint8_t last)
{
	memcpy(area, (const uint8_t[]){ 0, 16, 0x10, 0x2e, 0, 2, first, last }, 8);
	return respond();
}

static size_t queues(uint16_t first, uint16_t last)
{
	memcpy(area, (const uint8_t[]){ 0, 80, 0x10, 0x2d, first >> 8, first,
					last >> 8, last }, 8);
	return respond();
}

static void an_adapter_has_a_block(void **state)
{
	static const uint8_t expected[BLOCK] = {
		0, 14, 0, 5, 0x30, 0x89, 0x70, 0x5f, 0xc0, 0, 0, 0, 0, 9, 0, BLOCK,
		0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 9,
	};

	(void)state;
	has(5, 4);
	assert_int_equal(adapters(0, 255), 1);
	assert_memory_equal(response + 16, expected, sizeof(expected));
	assert_int_equal(response[8], 0);
	assert_int_equal(commands, 1);
}

static void only_adapters_of_the_range_have_one(void **state)
{
	(void)state;
	has(3, 4);
	has(5, 4);
	has(6, 4);
	assert_int_equal(adapters(4, 5), 1);
	assert_int_equal(response[16 + 3], 5);
	assert_int_equal(adapters(7, 4), 0);
}

static void a_queue_has_a_block(void **state)
{
	static const uint8_t expected[BLOCK_HEADER + 16] = {
		0, 14, 1, 5, 0x30, 0x89, 0x70, 0x5f, 0xc0, 0, 0, 0, 8, 9, 0, BLOCK,
		0, 0, 0, 0, 0, 0, 5, 8, 0, 0, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	has(5, 8);
	has(5, 9);
	has(6, 10);
	assert_int_equal(queues(AP_APQN(5, 0), AP_APQN(5, 255)), 2);
	assert_memory_equal(response + 16, expected, sizeof(expected));
	assert_int_equal(response[16 + BLOCK + 12], 10);
}

static void valid_masks_select_queues(void **state)
{
	(void)state;
	has(5, 8);
	has(6, 10);
	area[16 + 5 / 8] = 0x80 >> 5;
	area[48 + 10 / 8] = 0x80 >> 10 % 8;
	assert_int_equal(queues(0, 0xffff), 4);
	area[8] = 0x80;
	assert_int_equal(queues(0, 0xffff), 1);
	assert_int_equal(u16(response + 16 + 22), AP_APQN(5, 10));
}

static void what_has_no_room_is_announced(void **state)
{
	const size_t room = (MEASUREMENT_AREA - 80 - 16) / BLOCK;

	(void)state;
	memset(&qci.apcb.aqm, 0xff, sizeof(qci.apcb.aqm));
	has(6, 0);
	assert_int_equal(queues(AP_APQN(6, 0), AP_APQN(6, 255)), room);
	assert_int_equal(response[8], 0x80);
	assert_int_equal(u16(response + 10), AP_APQN(6, room));
	assert_int_equal(queues(AP_APQN(6, 200), AP_APQN(6, 255)), 56);
	assert_int_equal(response[8], 0);
}

static void adapters_that_have_no_room_are_announced(void **state)
{
	const size_t room = (MEASUREMENT_AREA - 16 - 16) / BLOCK;

	(void)state;
	memset(&qci.apcb.apm, 0xff, sizeof(qci.apcb.apm));
	assert_int_equal(adapters(0, 255), room);
	assert_int_equal(response[8], 0x80);
	assert_int_equal(response[16 + (room - 1) * BLOCK + 3], room - 1);
	assert_int_equal(u16(response + 10), 0);
}

static void a_request_of_another_length_is_invalid(void **state)
{
	(void)state;
	has(5, 8);
	for (unsigned int code = OF_QUEUES; code <= OF_ADAPTERS; code++) {
		memcpy(area, (const uint8_t[]){ 0, 24, code >> 8, code }, 4);
		assert_true(measurement_is_asked(area));
		assert_int_equal(measurement_respond(&machine, area, scratch), 8);
		assert_memory_equal(area + 24, ((uint8_t[]){ 0, 8, 0, 3, 0, 0, 0, 0 }), 8);
	}
	assert_int_equal(commands, 0);
}

static void everything_else_is_qemus(void **state)
{
	static const uint8_t requests[][4] = {
		{ 0, 16, 0x00, 0x10 }, { 0, 16, 0x10, 0x2c }, { 0, 16, 0x10, 0x2f },
		{ 0, 8, 0x10, 0x2e }, { 0, 20, 0x10, 0x2e }, { 0x10, 0, 0x10, 0x2e },
		{ 0, 0, 0x10, 0x2d },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		memcpy(area, requests[i], 4);
		assert_false(measurement_is_asked(area));
	}
	memcpy(area, (const uint8_t[]){ 0x0f, 0xf8, 0x10, 0x2e }, 4);
	assert_true(measurement_is_asked(area));
	assert_int_equal(measurement_respond(&machine, area, scratch), 8);
}

#define POINT(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(an_adapter_has_a_block),
		POINT(only_adapters_of_the_range_have_one),
		POINT(a_queue_has_a_block),
		POINT(valid_masks_select_queues),
		POINT(what_has_no_room_is_announced),
		POINT(adapters_that_have_no_room_are_announced),
		POINT(a_request_of_another_length_is_invalid),
		POINT(everything_else_is_qemus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
