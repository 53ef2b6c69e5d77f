// SPDX-License-Identifier: GPL-2.0-only
/* Logs of limited size. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/host/log.c"

static struct log first, second;

static void open_both(guint64 limit)
{
	g_autofree char *path = scratch_path("log");
	g_autofree char *older = scratch_path("log.1");

	unlink(path);
	unlink(older);
	assert_true(log_open(&first, path, limit));
	assert_true(log_open(&second, path, limit));
}

static void close_both(void)
{
	log_close(&first);
	log_close(&second);
}

static void has(const char *name, const char *text)
{
	g_autofree char *seen = scratch_read(name);

	assert_non_null(seen);
	assert_string_equal(seen, text);
}

static void lines_of_two_processes(void **state)
{
	(void)state;
	open_both(100);
	assert_true(log_write(&first, "a\n", 2));
	assert_true(log_write(&second, "b\n", 2));
	assert_true(log_write(&first, "c\n", 2));
	has("log", "a\nb\nc\n");
	close_both();
}

/* The second log continues the file that the first one has begun. */
static void a_log_that_is_full(void **state)
{
	(void)state;
	open_both(4);
	log_write(&first, "12\n", 3);
	log_write(&first, "34\n", 3);
	has("log.1", "12\n");
	has("log", "34\n");
	log_write(&second, "5", 1);
	has("log", "34\n5");
	log_write(&second, "6", 1);
	has("log.1", "34\n5");
	log_write(&first, "7", 1);
	has("log", "67");
	close_both();
}

static void more_than_the_limit_at_once(void **state)
{
	(void)state;
	open_both(4);
	log_write(&first, "12345678", 8);
	has("log", "1234");
	close_both();
}

static void a_flood(void **state)
{
	static char block[4096];
	struct stat st;

	(void)state;
	open_both(10000);
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 1000; i++)
		log_write(i & 1 ? &first : &second, block, sizeof(block));
	assert_int_equal(fstat(second.fd, &st) || fstat(first.fd, &st), 0);
	for (int i = 0; i < 2; i++) {
		g_autofree char *text = scratch_read(i ? "log.1" : "log");

		assert_true(strlen(text) <= 10000);
	}
	close_both();
}

static void no_such_directory(void **state)
{
	(void)state;
	assert_false(log_open(&first, "/nonexistent/log", 100));
	assert_false(log_write(&first, "x", 1));
	log_close(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_two_processes),
		cmocka_unit_test(a_log_that_is_full),
		cmocka_unit_test(more_than_the_limit_at_once),
		cmocka_unit_test(a_flood),
		cmocka_unit_test(no_such_directory),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
