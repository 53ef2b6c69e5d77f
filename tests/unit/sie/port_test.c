// SPDX-License-Identifier: GPL-2.0-only
/* Where the monitors of a guest listen. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/frontend/port.c"
#include "sie/frontend/report.c"

static struct port port;
static char said[512];
static char *name;

static int setup(void **state)
{
	int failed = scratch_setup(state);

	name = g_strdup_printf("unix:%s/m,server=on,wait=off", scratch);
	report_into(said, sizeof(said));
	return failed;
}

static int teardown(void **state)
{
	port_close(&port);
	g_free(name);
	report_into(NULL, 0);
	return scratch_teardown(state);
}

static int come(void)
{
	struct sockaddr_un address;
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(set_address(&address, strchr(name, ':') + 1));
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
	return client;
}

static void one_client_after_the_other(void **state)
{
	char byte;
	int client;

	(void)state;
	assert_true(port_open(&port, name));
	assert_false(port_accept(&port));
	for (int i = 0; i < 2; i++) {
		client = come();
		assert_true(port_accept(&port));
		assert_int_equal(write(client, "x", 1), 1);
		assert_int_equal(read(port.in, &byte, 1), 1);
		assert_int_equal(port.in, port.out);
		port_leave(&port);
		assert_int_equal(port.in, -1);
		assert_int_equal(read(client, &byte, 1), 0);
		close(client);
	}
}

static void what_is_left_of_another(void **state)
{
	g_autoptr(GDir) directory = NULL;
	struct port left;

	(void)state;
	assert_true(port_open(&left, name));
	close(left.listener);
	assert_true(port_open(&port, name));
	close(come());
	port_close(&port);
	directory = g_dir_open(scratch, 0, NULL);
	assert_null(g_dir_read_name(directory));
}

static void stdio(void **state)
{
	(void)state;
	assert_true(port_open(&port, "stdio"));
	assert_int_equal(port.in, STDIN_FILENO);
	port_leave(&port);
	assert_int_equal(port.in, -1);
	assert_int_equal(port.out, STDOUT_FILENO);
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
}

static void none(void **state)
{
	(void)state;
	assert_true(port_open(&port, NULL));
	assert_int_equal(port.in, -1);
	assert_int_equal(port.listener, -1);
}

static void no_such_directory(void **state)
{
	(void)state;
	assert_false(port_open(&port, "unix:/nonexistent/m,server=on,wait=off"));
	assert_string_equal(said, "/nonexistent/m: No such file or directory");
}

static void a_path_that_is_too_long(void **state)
{
	g_autofree char *path = g_strnfill(200, 'x');
	g_autofree char *longest = g_strdup_printf("unix:/%s,server=on,wait=off", path);

	(void)state;
	assert_false(port_open(&port, longest));
	assert_non_null(strstr(said, "at most 107 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_client_after_the_other, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_left_of_another, setup, teardown),
		cmocka_unit_test_setup_teardown(stdio, setup, teardown),
		cmocka_unit_test_setup_teardown(none, setup, teardown),
		cmocka_unit_test_setup_teardown(no_such_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(a_path_that_is_too_long, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
