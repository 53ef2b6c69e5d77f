// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/changes.h"
#include "qemu/watch.c"

#define NOW	UINT64_C(1000000000)

static struct changes changes;
static struct watch watch;

static int start(void **state)
{
	(void)state;
	watch = (struct watch){ 0 };
	assert_int_equal(changes_open(&changes), 0);
	watch_open(&watch, dup(changes.fd));
	assert_non_null(watch.changes);
	return 0;
}

static int end(void **state)
{
	(void)state;
	munmap(watch.place, sizeof(*watch.place));
	changes_close(&changes);
	return 0;
}

static struct ap_command dqap(uint16_t apqn, uint64_t room)
{
	return (struct ap_command){ .op = AP_OP_DQAP, .apqn = apqn, .arg = { room } };
}

static void sent_and_got(uint16_t apqn, uint64_t room, struct ap_result result)
{
	const struct ap_command command = dqap(apqn, room);

	watch_before(&watch, &command, NOW);
	watch_after(&watch, &command, &result);
}

/* Record a poll that was sent and answered with this response code. */
static void sent(uint16_t apqn, uint64_t room, uint8_t rc)
{
	sent_and_got(apqn, room, (struct ap_result){
		.status = AP_STATUS_QUEUE_FULL | AP_STATUS_OF_RC(rc) });
}

static bool answered(uint16_t apqn, uint64_t room, uint64_t time)
{
	const struct ap_command command = dqap(apqn, room);
	struct ap_result result = { .value = 77 };

	if (!watch_answer(&watch, &command, time, &result))
		return false;
	assert_int_equal(result.status, AP_STATUS_QUEUE_FULL |
			 AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY));
	assert_int_equal(result.value, 0);
	return true;
}

static void test_repeats_an_empty_poll(void **state)
{
	(void)state;
	assert_false(answered(0x0504, 512, NOW));
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	assert_true(answered(0x0504, 512, NOW + 1));
	assert_true(answered(0x0504, 1, NOW + WATCH_NANOSECONDS - 1));
}

static void test_asks_again_after_a_change(void **state)
{
	(void)state;
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	(*AP_CHANGES_OF(&changes.memory->changes, 0x0505))++;
	assert_true(answered(0x0504, 512, NOW));
	(*AP_CHANGES_OF(&changes.memory->changes, 0x0504))++;
	assert_false(answered(0x0504, 512, NOW));
}

/*
 * The change came between the count and the answer, which may not include it.
 */
static void test_asks_again_after_a_change_on_the_way(void **state)
{
	const struct ap_command command = dqap(0x0504, 512);
	const struct ap_result result = {
		.status = AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY),
	};

	(void)state;
	watch_before(&watch, &command, NOW);
	(*AP_CHANGES_OF(&changes.memory->changes, 0x0504))++;
	watch_after(&watch, &command, &result);
	assert_false(answered(0x0504, 512, NOW));
}

static void test_asks_again_after_a_while(void **state)
{
	(void)state;
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	assert_false(answered(0x0504, 512, NOW + WATCH_NANOSECONDS));
}

static void test_asks_when_there_was_another_answer(void **state)
{
	(void)state;
	for (unsigned int rc = 1; rc < 256; rc++) {
		if (rc == AP_RC_NO_PENDING_REPLY)
			continue;
		sent(0x0504, 512, rc);
		assert_false(answered(0x0504, 512, NOW));
	}
}

static void test_knows_that_the_last_reply_was_taken(void **state)
{
	(void)state;
	sent(0x0504, 512, AP_RC_NORMAL);
	assert_true(answered(0x0504, 512, NOW));
	assert_true(answered(0x0504, 512, NOW));
	(*AP_CHANGES_OF(&changes.memory->changes, 0x0504))++;
	assert_false(answered(0x0504, 512, NOW));
}

static void test_asks_for_what_is_left(void **state)
{
	(void)state;
	sent_and_got(0x0504, 512, (struct ap_result){
		.status = AP_STATUS_REPLIES_WAITING });
	assert_false(answered(0x0504, 512, NOW));
	sent_and_got(0x0504, 512, (struct ap_result){
		.check = AP_CHECK_SPECIFICATION });
	assert_false(answered(0x0504, 512, NOW));
}

static void test_asks_what_may_be_a_specification_exception(void **state)
{
	(void)state;
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	assert_false(answered(0x0504, 513, NOW));
	assert_false(answered(0x0504, 0, NOW));
}

static void test_keeps_queues_apart(void **state)
{
	(void)state;
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	assert_false(answered(0x0505, 512, NOW));
	assert_false(answered(0x0504 + AP_CHANGES, 512, NOW));
	sent(0x0504 + AP_CHANGES, 512, AP_RC_NO_PENDING_REPLY);
	assert_false(answered(0x0504, 512, NOW));
}

static void test_answers_polls_only(void **state)
{
	struct ap_result result;

	(void)state;
	sent(0x0504, 512, AP_RC_NO_PENDING_REPLY);
	for (uint16_t op = 0; op < 64; op++) {
		const struct ap_command command = {
			.op = op, .apqn = 0x0504, .arg = { 512 },
		};

		assert_int_equal(watch_answer(&watch, &command, NOW, &result),
				 op == AP_OP_DQAP);
	}
}

static void test_needs_sealed_memory_of_its_size(void **state)
{
	struct watch other = { 0 };
	int fd = memfd_create("test", MFD_ALLOW_SEALING);

	(void)state;
	assert_int_equal(ftruncate(fd, sizeof(struct link_memory)), 0);
	watch_open(&other, dup(fd));
	assert_null(other.changes);
	assert_int_equal(ftruncate(fd, 8), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	watch_open(&other, fd);
	assert_null(other.changes);
	watch_open(&other, open("/dev/null", O_RDWR));
	assert_null(other.changes);
}

static void test_cannot_be_written_by_who_watches(void **state)
{
	(void)state;
	assert_ptr_equal(mmap(NULL, sizeof(struct link_memory), PROT_READ | PROT_WRITE,
			      MAP_SHARED, changes.fd, 0), MAP_FAILED);
	assert_int_equal(write(changes.fd, "x", 1), -1);
	assert_int_equal(ftruncate(changes.fd, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_repeats_an_empty_poll, start, end),
		cmocka_unit_test_setup_teardown(test_asks_again_after_a_change, start, end),
		cmocka_unit_test_setup_teardown(test_asks_again_after_a_change_on_the_way,
						start, end),
		cmocka_unit_test_setup_teardown(test_asks_again_after_a_while, start, end),
		cmocka_unit_test_setup_teardown(test_asks_when_there_was_another_answer,
						start, end),
		cmocka_unit_test_setup_teardown(test_knows_that_the_last_reply_was_taken,
						start, end),
		cmocka_unit_test_setup_teardown(test_asks_for_what_is_left, start, end),
		cmocka_unit_test_setup_teardown(test_asks_what_may_be_a_specification_exception,
						start, end),
		cmocka_unit_test_setup_teardown(test_keeps_queues_apart, start, end),
		cmocka_unit_test_setup_teardown(test_answers_polls_only, start, end),
		cmocka_unit_test_setup_teardown(test_needs_sealed_memory_of_its_size,
						start, end),
		cmocka_unit_test_setup_teardown(test_cannot_be_written_by_who_watches,
						start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
