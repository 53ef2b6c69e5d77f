// SPDX-License-Identifier: GPL-2.0-only
/* A running guest and its LPAR; a shell script is the guest's QEMU. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sys/socket.h>

#include "sie/host/session.c"

static struct channel *channel;
static struct guest guest;
static int lpar;
static struct frame_reader *reader;
static struct frame frame;
static GThread *thread;
static char reason[REQUEST_REASON];

static void *run_session(void *data)
{
	(void)data;
	session_run(channel, &guest, "/nonexistent", "g");
	close(channel->in);
	return NULL;
}

static void start(const char *script)
{
	static const struct config config = { .run = "/" };
	char *arguments[] = { "/bin/sh", "-c", (char *)script, NULL };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	lpar = fds[0];
	channel = calloc(1, sizeof(*channel));
	reader = calloc(1, sizeof(*reader));
	channel->in = channel->out = fds[1];
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	assert_true(guest_spawn(&guest, &config, arguments, reason));
	thread = g_thread_new("session", run_session, NULL);
}

static void end(void)
{
	if (lpar >= 0)
		close(lpar);
	g_thread_join(thread);
	free(channel);
	free(reader);
}

static void say(const char *bytes, size_t length)
{
	assert_int_equal(write(lpar, bytes, length), length);
}

/* The next frame is of @type; waits for it. */
static void hear(enum frame_type type)
{
	int taken;

	while (!(taken = frame_take(reader, &frame)))
		assert_true(frame_fill(reader, lpar) > 0);
	assert_int_equal(taken, 1);
	assert_int_equal(frame.type, type);
}

static void hear_exit(int status)
{
	hear(FRAME_EXIT);
	assert_int_equal(frame.length, 1);
	assert_int_equal(frame.payload[0], status);
}

static void the_console(void **state)
{
	(void)state;
	start("read x; echo $x$x; exit 5");
	say("\2\0\0\3ab\n", 7);
	hear(FRAME_OUTPUT);
	assert_int_equal(frame.length, 5);
	assert_memory_equal(frame.payload, "abab\n", 5);
	hear_exit(5);
	end();
}

static void what_qemu_complains_about(void **state)
{
	(void)state;
	start("echo bad >&2; exit 1");
	hear(FRAME_MESSAGE);
	assert_memory_equal(frame.payload, "bad\n", 4);
	hear_exit(1);
	end();
}

static void stop(void **state)
{
	(void)state;
	start("exec sleep 1000");
	say("\3\0\0\0", 4);
	hear_exit(128 + SIGKILL);
	end();
}

static void the_lpar_goes_away(void **state)
{
	(void)state;
	start("exec sleep 1000");
	close(lpar);
	lpar = -1;
	end();
	assert_int_equal(guest.pid, -1);
}

static void the_lpar_breaks_the_protocol(void **state)
{
	(void)state;
	start("exec sleep 1000");
	say("\1\0\0\0", 4);
	end();
	assert_int_equal(guest.pid, -1);
}

/* Input and output in plenty, a little less under way than all buffers hold. */
static void a_flood(void **state)
{
	enum { BLOCK = 16000, BLOCKS = 200, AHEAD = 8 };
	static char block[FRAME_HEADER + BLOCK];
	size_t heard = 0, said = 0;

	(void)state;
	start("exec cat");
	memset(block, 'x', sizeof(block));
	memcpy(block, "\2\0\x3e\x80", FRAME_HEADER);
	while (heard < (size_t)BLOCK * BLOCKS) {
		while (said < BLOCKS && said * BLOCK < heard + AHEAD * BLOCK) {
			say(block, sizeof(block));
			said++;
		}
		hear(FRAME_OUTPUT);
		heard += frame.length;
	}
	assert_int_equal(heard, (size_t)BLOCK * BLOCKS);
	end();
}

/* Nobody reads the output: the guest waits, and can be ended still. */
static void nobody_listens(void **state)
{
	(void)state;
	start("exec yes");
	hear(FRAME_OUTPUT);
	say("\3\0\0\0", 4);
	do {
		while (!frame_take(reader, &frame))
			assert_true(frame_fill(reader, lpar) > 0);
	} while (frame.type == FRAME_OUTPUT);
	assert_int_equal(frame.type, FRAME_EXIT);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_console),
		cmocka_unit_test(what_qemu_complains_about),
		cmocka_unit_test(stop),
		cmocka_unit_test(the_lpar_goes_away),
		cmocka_unit_test(the_lpar_breaks_the_protocol),
		cmocka_unit_test(a_flood),
		cmocka_unit_test(nobody_listens),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
