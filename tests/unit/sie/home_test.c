// SPDX-License-Identifier: GPL-2.0-only
/* Directories of guests. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/host/home.c"

static struct config config = { .guests = 2 };
static char reason[REQUEST_REASON];

static int setup(void **state)
{
	int failed = scratch_setup(state);

	config.run = scratch;
	return failed;
}

static bool is_there(const char *name)
{
	g_autofree char *path = scratch_path(name);

	return !access(path, F_OK);
}

/* Create the directory of a guest that ended @seconds ago. */
static void make_ended(const char *name, int seconds)
{
	g_autofree char *path = g_build_filename(scratch, GUESTS, name, NULL);
	struct timespec times[2] = { { .tv_sec = time(NULL) - seconds }, };
	struct home home;

	assert_true(home_open(&home, &config, name, reason));
	home_close(&home);
	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void a_running_guest(void **state)
{
	struct home home;

	(void)state;
	assert_true(home_open(&home, &config, "guestd", reason));
	assert_true(is_there("guests/guestd/agent.in"));
	assert_true(is_there("guests/guestd/agent.out"));
	scratch_write("guests/guestd/console.log", "text");
	home_close(&home);
	assert_false(is_there("guests/guestd/agent.in"));
	assert_true(is_there("guests/guestd/console.log"));
	assert_true(home_open(&home, &config, "guestd", reason));
	assert_true(is_there("guests/guestd/console.log"));
	home_close(&home);
}

static void two_guests_of_one_name(void **state)
{
	struct home home, other;

	(void)state;
	assert_true(home_open(&home, &config, "g", reason));
	assert_false(home_open(&other, &config, "g", reason));
	assert_non_null(strstr(reason, "a guest named g is running"));
	assert_true(is_there("guests/g/agent.in"));
	home_close(&home);
}

static void what_a_killed_one_left_is_used_again(void **state)
{
	struct home home;

	(void)state;
	assert_true(home_open(&home, &config, "g", reason));
	close(home.fd);
	g_free(home.path);
	assert_true(home_open(&home, &config, "g", reason));
	home_close(&home);
}

static void the_oldest_makes_room(void **state)
{
	struct home home;

	(void)state;
	make_ended("old", 100);
	make_ended("older", 200);
	scratch_write("guests/older/console.log.1", "text");
	make_ended("older", 200);
	assert_true(home_open(&home, &config, "new", reason));
	assert_false(is_there("guests/older"));
	assert_true(is_there("guests/old"));
	home_close(&home);
}

static void as_many_as_may_be(void **state)
{
	struct home homes[2], another;

	(void)state;
	assert_true(home_open(&homes[0], &config, "a", reason));
	assert_true(home_open(&homes[1], &config, "b", reason));
	assert_false(home_open(&another, &config, "c", reason));
	assert_non_null(strstr(reason, "2 guests are running"));
	assert_true(is_there("guests/a/agent.in") && is_there("guests/b/agent.in"));
	home_close(&homes[0]);
	assert_true(home_open(&another, &config, "c", reason));
	assert_false(is_there("guests/a"));
	home_close(&homes[1]);
	home_close(&another);
}

/*
 * Only guestd should change the directory, but a link in it is not followed
 * nevertheless.
 */
static void a_link_is_no_directory(void **state)
{
	g_autofree char *link = scratch_path("guests/l");
	struct home home;

	(void)state;
	make_ended("g", 0);
	assert_int_equal(symlink("/tmp", link), 0);
	assert_false(home_open(&home, &config, "l", reason));
	assert_int_equal(unlink(link), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_running_guest, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(two_guests_of_one_name, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(what_a_killed_one_left_is_used_again, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(the_oldest_makes_room, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(as_many_as_may_be, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(a_link_is_no_directory, setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
