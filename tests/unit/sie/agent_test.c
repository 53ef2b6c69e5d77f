// SPDX-License-Identifier: GPL-2.0-only
/* Commands to a guest's agent. A thread plays the guest. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/socket.h>

#include "scratch.h"
#include "sie/host/agent.c"

static char reason[REQUEST_REASON];
static const struct exec command = { .name = "g", .command = "id; a", .seconds = 1 };

static struct config config = { .guests = 2 };

static int setup(void **state)
{
	int failed = scratch_setup(state);

	config.run = scratch;
	return failed;
}

static void no_guest(void **state)
{
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), -1);
	assert_string_equal(reason, "no guest named g is running");
}

/* QEMU opens its FIFOs for reading and writing. */
struct agent {
	struct home home;
	int in, out;
	const char *reply;	/* behind the request's ID */
	const char *before;	/* sent ahead of the reply */
	GThread *thread;
	char request[256];
};

static void *serve(void *data)
{
	struct agent *agent = data;
	struct pollfd fd = { .fd = agent->in, .events = POLLIN };
	g_autofree char *reply = NULL;
	char *end;
	ssize_t length;

	assert_int_equal(poll(&fd, 1, 60000), 1);
	length = read(agent->in, agent->request, sizeof(agent->request) - 1);
	assert_true(length > 0);
	agent->request[length] = '\0';
	end = strchr(agent->request, ' ');
	assert_non_null(end);
	reply = g_strdup_printf("%s%.*s %s", agent->before, (int)(end - agent->request),
				agent->request, agent->reply);
	assert_int_equal(write(agent->out, reply, strlen(reply)), strlen(reply));
	return NULL;
}

static void start_agent(struct agent *agent)
{
	assert_true(home_open(&agent->home, &config, "g", reason));
	agent->in = open_file(scratch, "g", "agent.in", O_RDWR);
	agent->out = open_file(scratch, "g", "agent.out", O_RDWR);
	assert_true(agent->in >= 0 && agent->out >= 0);
	agent->thread = g_thread_new("agent", serve, agent);
}

static void end_agent(struct agent *agent)
{
	g_thread_join(agent->thread);
	close(agent->in);
	close(agent->out);
	home_close(&agent->home);
}

static void a_command(void **state)
{
	struct agent agent = { .before = "", .reply = "3 aGFsbG8K\n" };
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	start_agent(&agent);
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), 3);
	assert_int_equal(output->len, 6);
	assert_memory_equal(output->data, "hallo\n", 6);
	assert_non_null(strstr(agent.request, " 1 aWQ7IGE=\n"));
	end_agent(&agent);
}

static void the_answer_to_another(void **state)
{
	struct agent agent = { .before = "x\n1.2 0 eA==\n", .reply = "0 \n" };
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	start_agent(&agent);
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), 0);
	assert_int_equal(output->len, 0);
	end_agent(&agent);
}

static void an_answer_that_is_none(void **state)
{
	struct agent agent = { .before = "", .reply = "\n" };
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	start_agent(&agent);
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), -1);
	end_agent(&agent);
}

static void whoever_asked_goes_away(void **state)
{
	struct agent agent = { .before = "", .reply = "" };
	g_autoptr(GByteArray) output = g_byte_array_new();
	int connection[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, connection), 0);
	start_agent(&agent);
	close(connection[1]);
	assert_int_equal(agent_exec(scratch, &command, connection[0], output, reason), -1);
	assert_non_null(strstr(reason, "no answer"));
	close(connection[0]);
	end_agent(&agent);
}

/* What the agent has sent of its reply is not taken for all of it. */
static void a_guest_that_is_reset(void **state)
{
	struct agent agent = { .before = "", .reply = "0 aGFs\x18\n" };
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	start_agent(&agent);
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), -1);
	assert_string_equal(reason, "guest g was reset before its agent answered");
	end_agent(&agent);
}

/* It may have been reset, or have answered others, while nobody waited. */
static void what_was_said_before(void **state)
{
	struct agent agent = { .before = "", .reply = "4\n" };
	g_autoptr(GByteArray) output = g_byte_array_new();

	(void)state;
	start_agent(&agent);
	assert_int_equal(write(agent.out, "1.2 0 eA=", 9), 9);
	agent_cancel(scratch, "g");
	assert_int_equal(agent_exec(scratch, &command, -1, output, reason), 4);
	end_agent(&agent);
	agent_cancel(scratch, "g");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_guest),
		cmocka_unit_test(a_command),
		cmocka_unit_test(the_answer_to_another),
		cmocka_unit_test(an_answer_that_is_none),
		cmocka_unit_test(whoever_asked_goes_away),
		cmocka_unit_test(a_guest_that_is_reset),
		cmocka_unit_test(what_was_said_before),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
