// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/resource.h>

#include "daemon/acceptor.c"
#include "tests/unit/temporary.h"

static struct loop loop;
static struct acceptor acceptor;
static char path[80];
static unsigned int taken;

static void take(struct acceptor *from, int fd)
{
	assert_ptr_equal(from, &acceptor);
	taken++;
	close(fd);
}

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	snprintf(path, sizeof(path), "%s.%d", temporary("acceptor_test"), getpid());
	taken = 0;
	return loop_open(&loop) ||
	       acceptor_open(&acceptor, &loop, path, SOCK_STREAM, take);
}

static int teardown(void **state)
{
	(void)state;
	acceptor_close(&acceptor);
	loop_close(&loop);
	return access(path, F_OK) ? 0 : -1;
}

/* Serve one event. Return false if there is none within @milliseconds. */
static bool turn(int milliseconds)
{
	struct epoll_event event;

	if (epoll_wait(loop.source.fd, &event, 1, milliseconds) != 1)
		return false;
	((struct source *)event.data.ptr)->ready(event.data.ptr);
	return true;
}

static void who_connects_is_taken(void **state)
{
	int fd = listener_connect(path, SOCK_STREAM);

	(void)state;
	assert_true(turn(10000));
	assert_int_equal(taken, 1);
	assert_false(turn(0));
	close(fd);
}

static void without_descriptors_it_rests(void **state)
{
	int fd = listener_connect(path, SOCK_STREAM);
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 2; i++) {
		assert_true(turn(10000));	/* no descriptor is available */
		assert_false(turn(0));
		assert_true(turn(10000));	/* the pause has ended */
	}
	assert_int_equal(taken, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(turn(10000));
	assert_int_equal(taken, 1);
	close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_connects_is_taken, setup,
						teardown),
		cmocka_unit_test_setup_teardown(without_descriptors_it_rests,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("acceptor", tests, NULL, NULL);
}
