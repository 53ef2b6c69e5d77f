// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "swcex/ask.h"
#include "daemon/control.c"
#include "tests/unit/loop_thread.h"
#include "tests/unit/temporary.h"

#include <pthread.h>

static struct cex_machine *machine;
static struct control control;
static char path[80];

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	snprintf(path, sizeof(path), "%s.%d", temporary("control_test"), getpid());
	machine = cex_machine_new(1);
	if (!machine || cex_add_adapter(machine, 5, "CEX8A") ||
	    cex_add_domain(machine, 4) || cex_add_domain(machine, 0xab) ||
	    loop_open(&loop) || control_open(&control, &loop, machine, NULL, path))
		return -1;
	return loop_thread_start() ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	loop_thread_stop();
	control_close(&control);
	loop_close(&loop);
	cex_machine_free(machine);
	return access(path, F_OK) ? 0 : -1;
}

static int peer_new(void)
{
	int fd = peer_at(path, SOCK_STREAM);

	assert_true(fd >= 0);
	return fd;
}

static int say(const char *line)
{
	int fd = peer_new();

	assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL),
			 strlen(line));
	return fd;
}

static const char *answer_on(int fd)
{
	static char answer[1 << 20];
	size_t length = 0;
	ssize_t part;

	while ((part = recv(fd, answer + length, sizeof(answer) - 1 - length,
			    0)) > 0)
		length += part;
	assert_int_equal(part, 0);
	answer[length] = '\0';
	close(fd);
	return answer;
}

/* Return the whole answer to @line. */
static const char *ask(const char *line)
{
	return answer_on(say(line));
}

static void begins_with(const char *text, const char *beginning)
{
	if (strncmp(text, beginning, strlen(beginning)))
		fail_msg("'%s' does not begin with '%s'", text, beginning);
}

static struct cex_queue_info queue_info(void)
{
	struct cex_queue_info info;

	assert_int_equal(cex_queue_info(machine, AP_APQN(5, 4), &info), 0);
	return info;
}

static void status_is_a_table(void **state)
{
	(void)state;
	assert_string_equal(ask("status\n"),
		"ok\n"
		"QUEUE   TYPE   STATE        OWNER    USER     PENDING    SERVED     P50     P99 DIRTY FAULTS\n"
		"05.0004 CEX8A  operating    lpar     -              0         0       -       -     0\n"
		"05.00ab CEX8A  operating    lpar     -              0         0       -       -     0\n"
		"dirty handovers: 0\n");
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, name, &value));
	return value;
}

static void status_is_json(void **state)
{
	struct json_object *root, *queue;
	const char *answer;

	(void)state;
	ask("reset-time 05.0004 never\n");
	ask("fault 05.0004 full\n");
	ask("fault 05.0004 reply-id 7\n");
	answer = ask("status json\n");
	begins_with(answer, "ok\n");
	root = json_tokener_parse(answer + 3);
	assert_non_null(root);
	assert_int_equal(json_object_get_int(member(root, "dirty_handovers")),
			 0);
	queue = json_object_array_get_idx(member(root, "queues"), 0);
	assert_string_equal(json_object_get_string(member(queue, "queue")),
			    "05.0004");
	assert_string_equal(json_object_get_string(member(queue, "state")),
			    "operating");
	assert_null(member(queue, "user"));
	assert_null(member(member(queue, "latency_us"), "p50"));
	assert_null(member(queue, "reset_ms"));
	queue = member(queue, "faults");
	assert_int_equal(json_object_object_length(queue), 2);
	assert_null(member(queue, "full"));
	assert_int_equal(json_object_get_int(member(queue, "reply-id")), 7);
	json_object_put(root);
}

#define MANY	1920	/* more queues than a socket buffers of their status */

static void have_many_queues(void)
{
	for (unsigned int adapter = 6; adapter < 5 + 30; adapter++)
		assert_int_equal(cex_add_adapter(machine, adapter, "CEX8A"), 0);
	for (unsigned int domain = 5; domain < 5 + 62; domain++)
		assert_int_equal(cex_add_domain(machine, domain), 0);
}

/* The status has every queue once, in order. */
static void tells_of_many(struct json_object *queues)
{
	const char *last = "";

	assert_int_equal(json_object_array_length(queues), MANY);
	for (size_t i = 0; i < MANY; i++) {
		const char *name = json_object_get_string(
			member(json_object_array_get_idx(queues, i), "queue"));

		assert_true(strcmp(last, name) < 0);
		last = name;
	}
}

/* A client that stops reading delays nobody else. */
static void many_queues_are_told_in_parts(void **state)
{
	struct json_object *root;
	const char *answer;
	int fd;

	(void)state;
	have_many_queues();
	fd = say("status json\n");
	assert_int_equal(recv(fd, (char[3]){ 0 }, 3, MSG_WAITALL), 3);
	assert_string_equal(ask("dirty-handovers\n"), "ok\n0\n");
	answer = answer_on(fd);
	root = json_tokener_parse(answer);
	assert_non_null(root);
	tells_of_many(member(root, "queues"));
	json_object_put(root);
	for (answer = ask("status\n"), fd = 0; *answer; answer++)
		fd += *answer == '\n';
	assert_int_equal(fd, 1 + 1 + MANY + 1);
}

static void a_client_leaves_in_the_middle(void **state)
{
	(void)state;
	have_many_queues();
	for (int i = 0; i < 2 * CONTROL_CLIENT_MAX; i++) {
		int fd = say("status json\n");

		assert_int_equal(recv(fd, (char[3]){ 0 }, 3, MSG_WAITALL), 3);
		close(fd);
	}
	assert_string_equal(ask("dirty-handovers\n"), "ok\n0\n");
}

/* A machine without queues has a status, too. */
static void no_queue_is_told(void **state)
{
	struct cex_machine *empty = cex_machine_new(1);
	struct status status = { .json = true };
	char text[64] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_false(status_step(&status, out, empty));
	fclose(out);
	assert_string_equal(text, "{\"dirty_handovers\":0,\"queues\":[\n]}\n");
	cex_machine_free(empty);
}

static void faults_are_set(void **state)
{
	(void)state;
	assert_string_equal(ask("reset-time 05.0004 1234\n"), "ok\n");
	assert_int_equal(queue_info().reset_ms, 1234);
	assert_string_equal(ask("deconfigure 5\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_DECONFIGURED);
	assert_string_equal(ask("checkstop 05\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_CHECKSTOPPED);
	assert_string_equal(ask("configure 05\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_OPERATING);
	assert_string_equal(ask("remove adapter 05\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_REMOVED);
	assert_string_equal(ask("add adapter 5\n"), "ok\n");
	assert_string_equal(ask("remove domain 04\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_REMOVED);
	assert_string_equal(ask("add domain 4\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_OPERATING);
	assert_string_equal(ask("master-key show 5.4\n"), "ok\n");
	assert_string_equal(ask(" \tdirty-handovers \r\n"), "ok\n0\n");
	assert_int_equal(queue_info().state, CEX_OPERATING);
}

static uint64_t fault(enum fault fault)
{
	return queue_info().faults.left[fault];
}

static void faults_are_counted(void **state)
{
	(void)state;
	assert_string_equal(ask("fault 5.4 busy\n"), "ok\n");
	assert_int_equal(queue_info().state, CEX_BUSY);
	assert_string_equal(ask("fault 5.4 reply-lost 3\n"), "ok\n");
	assert_int_equal(fault(FAULT_REPLY_LOST), 3);
	assert_non_null(strstr(ask("status\n"),
			       "-     0 busy reply-lost=3\n05.00ab"));
	assert_string_equal(ask("fault 5.4 busy off\n"), "ok\n");
	assert_int_equal(fault(FAULT_BUSY), 0);
	for (enum fault f = 0; f < FAULTS; f++) {
		char line[64];

		snprintf(line, sizeof(line), "fault 5.4 %s\n", fault_name(f));
		assert_string_equal(ask(line), "ok\n");
		assert_int_equal(fault(f), FAULT_ALWAYS);
	}
	assert_string_equal(ask("fault 5.4 off\n"), "ok\n");
	for (enum fault f = 0; f < FAULTS; f++)
		assert_int_equal(fault(f), 0);
}

static void a_mistake_is_answered(void **state)
{
	static const char *const lines[][2] = {
		{ "\n", "error: unknown command ''" },
		{ "frob\n", "error: unknown command 'frob'" },
		{ "status xml\n", "error: status: the forms are" },
		{ "status json json\n", "error: usage: status [json]" },
		{ "help me please oh please\n", "error: usage: help" },
		{ "fault 5.4\n", "error: usage: fault" },
		{ "fault 5.4 lazy\n", "error: fault: there is no such" },
		{ "fault 5 busy\n", "error: fault: a queue is written" },
		{ "fault 5.5 busy\n", "error: fault: the machine has no" },
		{ "fault 5.5 off\n", "error: fault: the machine has no" },
		{ "fault 5.4 busy 0\n", "error: fault: a count is" },
		{ "fault 5.4 busy on\n", "error: fault: a count is" },
		{ "fault 5.4 off off\n", "error: fault: there is no such" },
		{ "remove 5\n", "error: usage: remove" },
		{ "remove card 5\n", "error: remove: the forms are" },
		{ "remove adapter 4\n", "error: remove: the machine has no" },
		{ "add domain 5\n", "error: add: the machine has no" },
		{ "add domain 100\n", "error: add: adapters and domains" },
		{ "reset-time 5.4 -1\n", "error: reset-time: a time is" },
		{ "reset-time 5.4 1x\n", "error: reset-time: a time is" },
		{ "reset-time 5.100 1\n", "error: reset-time: a queue is" },
		{ "reset-time 9.9 1\n", "error: reset-time: the machine has" },
		{ "master-key\n", "error: master-key: the forms are" },
		{ "master-key set 5.4 aes now if you please\n",
		  "error: usage: master-key" },
		{ "master-key set 5.4 aes\n", "error: master-key: a CCA" },
		{ "configure 100\n", "error: configure: an adapter is" },
		{ "configure 4\n", "error: configure: the machine has no" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		begins_with(ask(lines[i][0]), lines[i][1]);
}

static void a_line_that_is_too_long_is_a_mistake(void **state)
{
	static char line[CONTROL_EXCESS_MAX / 4];
	static const size_t lengths[] = {
		CONTROL_LINE_MAX, 1000, 4096, sizeof(line) - 1,
	};

	(void)state;
	memset(line, 'a', sizeof(line) - 1);
	line[CONTROL_LINE_MAX - 1] = '\n';
	begins_with(ask(line), "error: unknown command 'aaa");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(line, 'a', sizeof(line) - 1);
		line[lengths[i]] = '\0';
		begins_with(ask(line), "error: a command is a line of at most");
		line[lengths[i] - 1] = '\n';
	}
	begins_with(ask("dirty-handovers\nand more\n"), "ok\n0\n");
}

static void a_line_may_come_in_pieces(void **state)
{
	int fd = peer_new();
	char answer[8] = "";

	(void)state;
	assert_int_equal(send(fd, "dirty-", 6, MSG_NOSIGNAL), 6);
	ask("help\n");
	assert_int_equal(send(fd, "handovers\n", 10, MSG_NOSIGNAL), 10);
	assert_int_equal(recv(fd, answer, sizeof(answer), MSG_WAITALL), 5);
	assert_string_equal(answer, "ok\n0\n");
	close(fd);
}

static void idle_clients_make_room(void **state)
{
	int idle[CONTROL_CLIENT_MAX + 1];

	(void)state;
	for (int i = 0; i <= CONTROL_CLIENT_MAX; i++)
		idle[i] = peer_new();
	assert_string_equal(ask("dirty-handovers\n"), "ok\n0\n");
	assert_int_equal(recv(idle[0], (char[1]){ 0 }, 1, 0), 0);
	for (int i = 0; i <= CONTROL_CLIENT_MAX; i++)
		close(idle[i]);
}

static void the_client_gets_the_answer(void **state)
{
	static char *const good[] = { "dirty-handovers" };
	static char *const bad[] = { "fault", "05.0004" };
	char *answer = ask_daemon("test", path, 1, good);

	(void)state;
	assert_string_equal(answer, "0\n");
	free(answer);
	assert_null(ask_daemon("test", path, 2, bad));
	assert_null(ask_daemon("test", "/nowhere", 1, good));
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(status_is_a_table),
		POINT(status_is_json),
		POINT(many_queues_are_told_in_parts),
		POINT(a_client_leaves_in_the_middle),
		POINT(no_queue_is_told),
		POINT(faults_are_set),
		POINT(faults_are_counted),
		POINT(a_mistake_is_answered),
		POINT(a_line_that_is_too_long_is_a_mistake),
		POINT(a_line_may_come_in_pieces),
		POINT(idle_clients_make_room),
		POINT(the_client_gets_the_answer),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
