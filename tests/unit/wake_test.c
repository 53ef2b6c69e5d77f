// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/wake.c"

static char folder[32], path[64];
static int port;
static struct wake wake;

static int start(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	strcpy(folder, "/tmp/wake-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/port", folder);
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
	return rmdir(folder);
}

/* Each call is one event at the port: a connection, then its end. */
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

/* A port that takes no connection, and then no port at all: nothing waits for it. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(comes_and_goes, start, end),
		cmocka_unit_test_setup_teardown(never_blocks, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
