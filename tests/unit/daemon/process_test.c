// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "daemon/process.c"

static int listener;
static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int setup(void **state)
{
	(void)state;
	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
		 "process_test.%d", getpid());
	listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	return bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	       listen(listener, 8);
}

static int teardown(void **state)
{
	(void)state;
	return close(listener);
}

/* Fork a child that connects, and ends when it is told to. */
static pid_t connect_child(int *told)
{
	int pipes[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (!child) {
		int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

		close(pipes[1]);
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
			_exit(1);
		_exit(read(pipes[0], &byte, 1) != 0);
	}
	close(pipes[0]);
	*told = pipes[1];
	return child;
}

static void end_child(pid_t child, int told)
{
	close(told);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_peer_is_known(void **state)
{
	struct process process, again;
	int told, fd, held, watch;
	pid_t child = connect_child(&told);

	(void)state;
	fd = accept(listener, NULL, NULL);
	held = process_open_peer(fd);
	process = process_of(held);
	assert_int_equal(process.pid, child);
	again = process_of(held);
	assert_true(process_is_same(&process, &again));
	watch = process_watch(&process);
	assert_true(watch >= 0);
	assert_false(has_ended(watch));
	end_child(child, told);
	assert_true(has_ended(watch));
	assert_int_equal(process_of(held).pid, 0);
	assert_int_equal(process_watch(&process), -1);
	close(watch);
	close(held);
	close(fd);
}

/*
 * Fork a process that gets the ID of an earlier one, if the kernel permits
 * that.
 */
static pid_t child_numbered(pid_t number)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&number,
		.set_tid_size = 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));

	if (!child)
		for (;;)
			pause();
	return child;
}

/*
 * A process connected and has ended: its socket does not belong to the process
 * that has its ID.
 */
static void a_number_that_is_given_again_is_no_peer(void **state)
{
	int told, fd, held;
	pid_t child = connect_child(&told), other;

	(void)state;
	fd = accept(listener, NULL, NULL);
	held = process_open_peer(fd);
	assert_true(held >= 0);
	end_child(child, told);
	other = child_numbered(child);
	if (other > 0)
		assert_int_equal(other, child);
	assert_int_equal(process_of(held).pid, 0);
	assert_int_equal(process_of(process_open_peer(fd)).pid, 0);
	if (other > 0) {
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
	close(held);
	close(fd);
}

static void an_unknown_process_is_no_other(void **state)
{
	const struct process unknown = { 0 };

	(void)state;
	assert_false(process_is_same(&unknown, &unknown));
	assert_int_equal(process_watch(&unknown), -1);
	assert_int_equal(process_of(-1).pid, 0);
	assert_int_equal(process_open_peer(-1), -1);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(a_peer_is_known),
		POINT(a_number_that_is_given_again_is_no_peer),
		POINT(an_unknown_process_is_no_other),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
