// SPDX-License-Identifier: GPL-2.0-only
/*
 * A message that a peer waits for arrives in time, or the connection is closed.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sie/host/channel.c"

static struct channel channel;
static struct frame frame;
static int peer;

static int setup(void **state)
{
	int ends[2];

	(void)state;
	memset(&channel, 0, sizeof(channel));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	peer = ends[0];
	channel_open(&channel, ends[1], ends[1]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(peer);
	close(channel.in);
	return 0;
}

static void a_frame(void **state)
{
	(void)state;
	assert_int_equal(write(peer, "\5\0\0\1x", 5), 5);
	assert_true(channel_receive(&channel, &frame, 10000));
	assert_int_equal(frame.type, FRAME_CHANGED);
	assert_int_equal(frame.length, 1);
}

static void half_a_frame(void **state)
{
	(void)state;
	assert_int_equal(write(peer, "\5\0\0", 3), 3);
	assert_false(channel_receive(&channel, &frame, 20));
	assert_int_equal(errno, ETIMEDOUT);
}

static void no_frame(void **state)
{
	(void)state;
	assert_int_equal(write(peer, "\5\1\0\0", 4), 4);
	assert_false(channel_receive(&channel, &frame, 10000));
	assert_int_equal(errno, EPROTO);
}

static void the_end(void **state)
{
	(void)state;
	shutdown(peer, SHUT_WR);
	assert_false(channel_receive(&channel, &frame, 10000));
	assert_int_equal(errno, ECONNRESET);
}

static void nobody_reads(void **state)
{
	static const char payload[FRAME_MAX];
	bool sent;

	(void)state;
	do {
		sent = channel_send(&channel, FRAME_OUTPUT, payload, sizeof(payload), 20);
	} while (sent);
	assert_int_equal(errno, ETIMEDOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_frame, setup, teardown),
		cmocka_unit_test_setup_teardown(half_a_frame, setup, teardown),
		cmocka_unit_test_setup_teardown(no_frame, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_reads, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
