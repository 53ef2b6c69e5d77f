// SPDX-License-Identifier: GPL-2.0-only
/* A running guest and its LPAR. A shell script plays the guest's QEMU. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "scratch.h"
#include "sie/host/home.h"
#include "sie/host/session.c"

static struct channel *channel;
static struct guest guest;
static int lpar;
static struct frame_reader *reader;
static struct frame frame;
static GThread *thread;
static char reason[REQUEST_REASON];

static struct config config = { .guests = 1, .log = 1 << 20 };
static struct home home;
static struct log console;
static struct rescan rescan;
static struct monitor *monitor;
static int monitor_socket = -1;

/* Create the guest's directory, and the log of its console. */
static void make_home(void)
{
	g_autofree char *path = home_file(scratch, "g", "console.log");

	assert_true(home_open(&home, &config, "g", reason));
	assert_true(log_open(&console, path, config.log));
	rescan_init(&rescan, scratch, "g");
	monitor = monitor_new(monitor_socket, NULL);
}

static void *run_session(void *data)
{
	(void)data;
	session_run(channel, &guest, &console, &rescan, monitor);
	close(channel->in);
	return NULL;
}

static void start(const char *script)
{
	const char *arguments[] = { "/bin/sh", "-c", script, NULL };
	GPtrArray pointers = { .pdata = (gpointer *)arguments, .len = 4 };
	GArray *fds = g_array_new(FALSE, FALSE, sizeof(int));
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	lpar = ends[0];
	channel = calloc(1, sizeof(*channel));
	reader = calloc(1, sizeof(*reader));
	channel_open(channel, ends[1], ends[1]);
	make_home();
	assert_true(guest_spawn(&guest, "/", &(struct command){ &pointers, fds, -1, NULL }, reason));
	g_array_unref(fds);
	thread = g_thread_new("session", run_session, NULL);
}

static void end(void)
{
	if (lpar >= 0)
		close(lpar);
	g_thread_join(thread);
	monitor_free(monitor);
	log_close(&console);
	home_close(&home);
	free(channel);
	free(reader);
}

static void say(const char *bytes, size_t length)
{
	assert_int_equal(write(lpar, bytes, length), length);
}

/* Wait for the next frame, and state that it is of @type. */
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

/* Skip output and messages, and wait for the exit status. */
static void hear_to_the_end(void)
{
	do {
		while (!frame_take(reader, &frame))
			assert_true(frame_fill(reader, lpar) > 0);
	} while (frame.type == FRAME_OUTPUT || frame.type == FRAME_MESSAGE);
	assert_int_equal(frame.type, FRAME_EXIT);
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

/*
 * Much input and output, of which slightly less is in transit than all buffers
 * hold.
 */
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

/* The output is not read, so the guest waits; it can be ended nevertheless. */
static void nobody_listens(void **state)
{
	(void)state;
	start("exec yes");
	hear(FRAME_OUTPUT);
	say("\3\0\0\0", 4);
	hear_to_the_end();
	end();
}

/* Open QEMU's end of the agent's port. */
static int open_port(const char *file)
{
	g_autofree char *path = home_file(scratch, "g", file);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* Read a request from the port, and keep only its ID. */
static void hear_request(int port, char id[64])
{
	char text[256];
	ssize_t length = read(port, text, sizeof(text) - 1);

	assert_true(length > 0);
	assert_int_equal(text[length - 1], '\n');
	text[length] = '\0';
	assert_ptr_equal(strchr(text, '\n'), text + length - 1);
	assert_int_equal(sscanf(text, "%63s", id), 1);
}

static void answer_request(int port, const char *id, const char *answer)
{
	g_autofree char *line = g_strdup_printf("%s %s\n", id, answer);

	assert_int_equal(write(port, line, strlen(line)), strlen(line));
}

static bool has_request(int port)
{
	struct pollfd fd = { .fd = port, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

/* Return the number of children, including those whose parents have ended. */
static unsigned int count_children(void)
{
	g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
	unsigned int count = 0;
	const char *task;

	while ((task = g_dir_read_name(tasks))) {
		g_autofree char *path = g_strdup_printf("/proc/self/task/%s/children", task);
		g_autofree char *text = NULL;

		if (!g_file_get_contents(path, &text, NULL, NULL))
			continue;
		for (const char *c = text; *c; c++)
			count += *c == ' ';
	}
	return count;
}

/*
 * For any number of changes, one process asks the agent, and one more after
 * that has ended. The console's output shows that the frames before have been
 * read.
 */
static void changes_in_plenty(void **state)
{
	static const char changed[] = "\5\0\0\0";
	int requests, answers;
	char id[64];

	(void)state;
	start("while read x; do echo $x; done");
	requests = open_port("agent.in");
	answers = open_port("agent.out");
	for (int i = 0; i < 1500; i++)
		say(changed, 4);
	hear_request(requests, id);
	say("\2\0\0\2x\n", 6);
	hear(FRAME_OUTPUT);
	assert_false(has_request(requests));
	assert_int_equal(count_children(), 2);	/* with the guest's QEMU */
	answer_request(answers, id, "0 ");
	hear_request(requests, id);
	answer_request(answers, id, "0 ");
	say("\3\0\0\0", 4);
	hear_exit(128 + SIGKILL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_false(has_request(requests));
	close(requests);
	close(answers);
	end();
}

/* The agent does not answer. The guest can be ended, and no process is left. */
static void a_rescan_without_an_answer(void **state)
{
	int requests, answers;
	char id[64];

	(void)state;
	start("exec sleep 1000");
	requests = open_port("agent.in");
	answers = open_port("agent.out");
	say("\5\0\0\0", 4);
	hear_request(requests, id);
	say("\3\0\0\0", 4);
	hear_exit(128 + SIGKILL);
	end();
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	close(requests);
	close(answers);
}

/* Who waits for its agent is told, and so is the LPAR. */
static void the_guest_is_reset(void **state)
{
	static const char event[] = "{\"event\":\"RESET\",\"data\":{\"guest\":true}}\n";
	char said[8];
	int ends[2], answers;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	monitor_socket = ends[0];
	start("exec sleep 1000");
	answers = open_port("agent.out");
	assert_int_equal(write(ends[1], event, strlen(event)), strlen(event));
	hear(FRAME_RESET);
	assert_int_equal(read(answers, said, sizeof(said)), 2);
	assert_memory_equal(said, "\x18\n", 2);
	say("\3\0\0\0", 4);
	hear_exit(128 + SIGKILL);
	close(answers);
	close(ends[1]);
	end();
	monitor_socket = -1;
}

static void the_console_is_logged(void **state)
{
	g_autofree char *path = home_file(scratch, "g", "console.log");
	g_autofree char *text = NULL;

	(void)state;
	unlink(path);
	start("echo heard; echo bad >&2");
	hear_to_the_end();
	end();
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, "heard\n");
}

static int setup(void **state)
{
	int failed = scratch_setup(state);

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	config.run = scratch;
	return failed;
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
		cmocka_unit_test(changes_in_plenty),
		cmocka_unit_test(a_rescan_without_an_answer),
		cmocka_unit_test(the_guest_is_reset),
		cmocka_unit_test(the_console_is_logged),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
