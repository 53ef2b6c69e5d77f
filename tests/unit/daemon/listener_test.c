// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/listener.c"
#include "daemon/log.h"
#include "tests/unit/temporary.h"

static char directory[64], path[80];

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	strcpy(directory, temporary("listener_test.XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", directory);
	return 0;
}

/* The directory must be empty again. */
static int teardown(void **state)
{
	(void)state;
	return rmdir(directory);
}

static bool exists(void)
{
	struct stat there;

	return !lstat(path, &there);
}

static void it_is_its_owners_alone(void **state)
{
	struct listener listener;
	struct stat there;
	int fd;

	(void)state;
	umask(0);
	assert_int_equal(listener_open(&listener, path, SOCK_SEQPACKET), 0);
	assert_int_equal(umask(022), 0);
	assert_int_equal(lstat(path, &there), 0);
	assert_int_equal(there.st_mode, S_IFSOCK | 0600);
	fd = listener_connect(path, SOCK_SEQPACKET);
	assert_true(fd >= 0);
	close(fd);
	listener_close(&listener);
	assert_false(exists());
}

static void one_that_is_served_is_left_alone(void **state)
{
	struct listener first, second;

	(void)state;
	assert_int_equal(listener_open(&first, path, SOCK_SEQPACKET), 0);
	assert_int_not_equal(listener_open(&second, path, SOCK_SEQPACKET), 0);
	assert_int_not_equal(listener_open(&second, path, SOCK_STREAM), 0);
	listener_close(&second);
	assert_true(exists());
	listener_close(&first);
}

static void one_that_is_stale_is_replaced(void **state)
{
	struct listener dead, listener;

	(void)state;
	assert_int_equal(listener_open(&dead, path, SOCK_STREAM), 0);
	close(dead.fd);
	assert_true(exists());
	assert_int_equal(listener_open(&listener, path, SOCK_STREAM), 0);
	listener_close(&listener);
	assert_false(exists());
}

static void another_file_is_left_alone(void **state)
{
	struct listener listener;
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fclose(file);
	assert_int_not_equal(listener_open(&listener, path, SOCK_STREAM), 0);
	assert_true(exists());
	unlink(path);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_not_equal(listener_open(&listener, path, SOCK_STREAM), 0);
	assert_true(exists());
	unlink(path);
}

static void what_took_its_place_is_left_alone(void **state)
{
	struct listener first, second;

	(void)state;
	assert_int_equal(listener_open(&first, path, SOCK_STREAM), 0);
	unlink(path);
	assert_int_equal(listener_open(&second, path, SOCK_STREAM), 0);
	listener_close(&first);
	assert_true(exists());
	listener_close(&second);
	assert_false(exists());
}

static void a_path_has_to_be_possible(void **state)
{
	struct listener listener;
	char longest[200];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_not_equal(listener_open(&listener, longest, SOCK_STREAM), 0);
	assert_int_not_equal(listener_open(&listener, "", SOCK_STREAM), 0);
	assert_int_not_equal(listener_open(&listener, "/nowhere/at/all",
				   SOCK_STREAM), 0);
	assert_int_equal(listener_connect(longest, SOCK_STREAM),
			 -ENAMETOOLONG);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(it_is_its_owners_alone),
		POINT(one_that_is_served_is_left_alone),
		POINT(one_that_is_stale_is_replaced),
		POINT(another_file_is_left_alone),
		POINT(what_took_its_place_is_left_alone),
		POINT(a_path_has_to_be_possible),
	};

	return cmocka_run_group_tests_name("listener", tests, NULL, NULL);
}
