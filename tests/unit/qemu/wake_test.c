// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/wake.c"
#include "tests/unit/temporary.h"

static char directory[64], path[80];
static int port;
static struct wake wake;

static int start(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	strcpy(directory, temporary("wake-XXXXXX"));
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/port", directory);
	strcpy(address.sun_path, path);
	port = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(port, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(port, 1), 0);
	wake_init(&wake, path);
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (wake.socket >= 0)
		close(wake.socket);
	close(port);
	unlink(path);
	return rmdir(directory);
}

/* Each call causes one event at the port: a connection, then its end. */
static void comes_and_goes(void **state)
{
	char byte;

	(void)state;
	for (int i = 0; i < 3; i++) {
		int peer;

		wake_vcpu(&wake);
		peer = accept(port, NULL, NULL);
		assert_true(peer >= 0);
		assert_int_equal(recv(peer, &byte, 1, MSG_DONTWAIT), -1);
		assert_int_equal(errno, EAGAIN);
		wake_vcpu(&wake);
		assert_int_equal(recv(peer, &byte, 1, MSG_DONTWAIT), 0);
		close(peer);
	}
}

/*
 * Neither a port that does not accept connections nor a missing port causes a
 * wait.
 */
static void never_blocks(void **state)
{
	int others[8];

	(void)state;
	for (int i = 0; i < 8; i++) {
		wake_init(&wake, path);
		wake_vcpu(&wake);
		others[i] = wake.socket;
	}
	assert_int_equal(wake.socket, -1);
	for (int i = 0; i < 8; i++)
		close(others[i]);
	close(port);
	wake_vcpu(&wake);
	assert_int_equal(wake.socket, -1);
}

static bool is_toggled(struct wake *w, int64_t now)
{
	bool was_connected = w->socket >= 0, is_connected;

	wake_sleeper(w, now);
	is_connected = w->socket >= 0;
	if (is_connected && !was_connected)
		close(accept(port, NULL, NULL));
	return is_connected != was_connected;
}

/*
 * A vCPU that is woken repeatedly without success is woken at increasing
 * intervals.
 */
static void gives_up_by_and_by(void **state)
{
	unsigned int toggled = 0;
	int64_t now = 5000000;

	(void)state;
	assert_true(is_toggled(&wake, now));
	assert_false(is_toggled(&wake, now + 999));
	assert_true(is_toggled(&wake, now + 1000));
	assert_false(is_toggled(&wake, now + 2999));
	assert_true(is_toggled(&wake, now + 3000));
	for (int64_t time = 3100; time < 10003000; time += 100)
		toggled += is_toggled(&wake, now + time);
	assert_in_range(toggled, 15, 19);
	wake_hope(&wake);
	assert_true(is_toggled(&wake, now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(comes_and_goes, start, end),
		cmocka_unit_test_setup_teardown(never_blocks, start, end),
		cmocka_unit_test_setup_teardown(gives_up_by_and_by, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
