// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session with a VM, which this test plays. Its messages are in the sockets
 * before the session reads any.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "run/session.c"

static struct vm vm;
static int its[VM_ENDS], signals;
static struct console console;
static GByteArray *said;
static int begun_count;

static void begun(void *data)
{
	(void)data;
	begun_count++;
}

static int setup(void **state)
{
	(void)state;
	for (int i = 0; i < VM_ENDS; i++) {
		int pair[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
		vm.fd[i] = pair[0];
		vm.door[i] = -1;
		its[i] = pair[1];
	}
	console = (struct console){ .fd = vm.fd[VM_CONSOLE], .file = -1 };
	said = g_byte_array_new();
	signals = session_signals();
	begun_count = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < VM_ENDS; i++) {
		close(vm.fd[i]);
		close(its[i]);
	}
	close(signals);
	g_byte_array_unref(said);
	return 0;
}

static void say_exit(uint8_t status, uint64_t out, uint64_t err)
{
	uint8_t payload[17] = { status };
	uint64_t passed[2] = { htobe64(out), htobe64(err) };

	memcpy(payload + 1, passed, sizeof(passed));
	order_frame(said, RUN_EXIT, payload, sizeof(payload));
}

/*
 * Run the session with the VM's messages in @said; the VM ends after them
 * unless it @lives. Return the exit status.
 */
static int run(bool lives, bool *survived)
{
	const struct limits limits = { .boot = 1, .begun = begun };
	g_autoptr(GByteArray) order = g_byte_array_new();
	struct session *session;
	int status;

	assert_int_equal(write(its[VM_CONTROL], said->data, said->len), said->len);
	if (!lives)
		shutdown(its[VM_CONTROL], SHUT_WR);
	session = g_new0(struct session, 1);
	session->name = "the VM";
	session->vm = &vm;
	session->order = order;
	session->console = &console;
	session->limits = &limits;
	session->stream[1] = STDOUT_FILENO;
	session->stream[2] = STDERR_FILENO;
	session_begin(session);
	sessions_serve(&session, 1, NULL, NULL, signals);
	*survived = session->survived;
	status = session->status;
	g_free(session);
	return status;
}

static void ends(int status, bool survives)
{
	bool survived = false;

	assert_int_equal(run(true, &survived), status);
	assert_int_equal(survived, survives);
}

static void exit_status(void **state)
{
	(void)state;
	order_frame(said, RUN_STARTED, NULL, 0);
	say_exit(7, 0, 0);
	ends(7, true);
	assert_int_equal(begun_count, 1);
}

/* The exit may be received before the output, which comes by another socket. */
static void output_is_awaited(void **state)
{
	(void)state;
	order_frame(said, RUN_STARTED, NULL, 0);
	say_exit(0, 0, 5);
	assert_int_equal(write(its[VM_STDERR], "# six", 5), 5);
	ends(0, true);
}

static void refusal(void **state)
{
	(void)state;
	order_frame(said, RUN_REFUSED, "\177no\33such", 8);
	ends(127, true);
}

static void own_refusal_shows_console(void **state)
{
	(void)state;
	order_frame(said, RUN_REFUSED, "\175no root", 8);
	ends(STATUS_OURS, false);
}

static void end_of_vm(void **state)
{
	bool survived = true;

	(void)state;
	order_frame(said, RUN_STARTED, NULL, 0);
	assert_int_equal(run(false, &survived), STATUS_VM);
	assert_false(survived);
}

static void boot_takes_too_long(void **state)
{
	(void)state;
	ends(STATUS_TIMEOUT, false);
}

/*
 * State that bytes end the session that are not a frame, or a frame that is not
 * allowed now.
 */
static void hostile(const void *bytes, size_t length, bool started)
{
	if (started)
		order_frame(said, RUN_STARTED, NULL, 0);
	g_byte_array_append(said, bytes, length);
	ends(STATUS_VM, false);
}

static void exit_before_start(void **state)
{
	(void)state;
	say_exit(0, 0, 0);
	ends(STATUS_VM, false);
}

static void two_starts(void **state)
{
	(void)state;
	order_frame(said, RUN_STARTED, NULL, 0);
	order_frame(said, RUN_STARTED, NULL, 0);
	ends(STATUS_VM, false);
}

static void signal_that_was_not_sent(void **state)
{
	(void)state;
	hostile("\x21\0\0\0", 4, true);
}

static void short_exit(void **state)
{
	(void)state;
	hostile("\x23\0\0\1\0", 5, true);
}

static void refusal_of_what_runs(void **state)
{
	(void)state;
	hostile("\x22\0\0\3\177no", 7, true);
}

static void empty_refusal(void **state)
{
	(void)state;
	hostile("\x22\0\0\0", 4, false);
}

static void unknown_frame(void **state)
{
	(void)state;
	hostile("\xff\0\0\0", 4, false);
}

static void too_long_a_frame(void **state)
{
	(void)state;
	hostile("\x20\0\xff\xff", 4, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(exit_status, setup, teardown),
		cmocka_unit_test_setup_teardown(output_is_awaited, setup, teardown),
		cmocka_unit_test_setup_teardown(refusal, setup, teardown),
		cmocka_unit_test_setup_teardown(own_refusal_shows_console, setup, teardown),
		cmocka_unit_test_setup_teardown(end_of_vm, setup, teardown),
		cmocka_unit_test_setup_teardown(boot_takes_too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(exit_before_start, setup, teardown),
		cmocka_unit_test_setup_teardown(two_starts, setup, teardown),
		cmocka_unit_test_setup_teardown(signal_that_was_not_sent, setup, teardown),
		cmocka_unit_test_setup_teardown(short_exit, setup, teardown),
		cmocka_unit_test_setup_teardown(refusal_of_what_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(empty_refusal, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_frame, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long_a_frame, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
