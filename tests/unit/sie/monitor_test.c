// SPDX-License-Identifier: GPL-2.0-only
/* Access of an LPAR to the monitors of its guests. The test plays QEMU. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/socket.h>

#include "sie/host/monitor.c"

#define GREETING_TEXT	"{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n"

static struct monitor *monitor;
static int qemu;
static GString *shown[2];	/* for the user, for the program */
static GString *asked;		/* of the front end: "TYPE TEXT\n" */

static void collect(void)
{
	enum frame_type type;
	GBytes *payload;

	while (monitor_next_frame(monitor, &type, &payload)) {
		gsize length;
		const char *bytes = g_bytes_get_data(payload, &length);

		if (type == FRAME_HMP || type == FRAME_QMP)
			g_string_append_len(shown[type == FRAME_QMP], bytes, length);
		else
			g_string_append_printf(asked, "%d %.*s\n", type, (int)length, bytes);
		g_bytes_unref(payload);
	}
}

static bool send_frame(enum frame_type type, const char *text)
{
	const struct frame frame = { type, (const uint8_t *)text, strlen(text) };
	bool good = monitor_take(monitor, &frame);

	collect();
	return good;
}

static void qemu_says(const char *text)
{
	assert_int_equal(write(qemu, text, strlen(text)), strlen(text));
	monitor_serve(monitor);
	collect();
	monitor_serve(monitor);
	collect();
}

static void qemu_heard(const char *text)
{
	char bytes[4096] = "";
	ssize_t length;

	monitor_serve(monitor);
	length = recv(qemu, bytes, sizeof(bytes) - 1, MSG_DONTWAIT);
	assert_string_equal(length < 0 ? "" : bytes, text);
}

static void saw(GString *text, const char *expected)
{
	assert_string_equal(text->str, expected);
	g_string_truncate(text, 0);
}

static int setup(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	qemu = ends[0];
	monitor = monitor_new(ends[1], NULL);
	shown[0] = g_string_new(NULL);
	shown[1] = g_string_new(NULL);
	asked = g_string_new(NULL);
	qemu_says(GREETING_TEXT);
	qemu_heard("{\"execute\":\"qmp_capabilities\"}\n");
	qemu_says("{\"return\": {}}\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	monitor_free(monitor);
	close(qemu);
	g_string_free(shown[0], TRUE);
	g_string_free(shown[1], TRUE);
	g_string_free(asked, TRUE);
	return 0;
}

static void begin_program(void)
{
	send_frame(FRAME_QMP, "");
	send_frame(FRAME_QMP, "{\"execute\": \"qmp_capabilities\"}");
	g_string_truncate(shown[1], 0);
}

static void a_person(void **state)
{
	(void)state;
	send_frame(FRAME_HMP, "");
	assert_non_null(strstr(shown[0]->str, "type 'help'"));
	g_string_truncate(shown[0], 0);
	send_frame(FRAME_HMP, "info st");
	qemu_heard("");
	send_frame(FRAME_HMP, "atus\n");
	qemu_heard("{\"execute\":\"human-monitor-command\","
		   "\"arguments\":{\"command-line\":\"info status\"}}\n");
	qemu_says("{\"return\": \"VM status: running\\r\\n\"}\n");
	saw(shown[0], "VM status: running\r\n(qemu) ");
	send_frame(FRAME_HMP, "\n");
	saw(shown[0], "(qemu) ");
	send_frame(FRAME_HMP, "xp /1x 0\n");
	qemu_heard("");
	saw(shown[0], "no such command here; 'help' lists what is offered\n(qemu) ");
}

static void a_program(void **state)
{
	(void)state;
	send_frame(FRAME_QMP, "");
	saw(shown[1], "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\r\n");
	send_frame(FRAME_QMP, "{\"execute\": \"query-status\"}");
	assert_non_null(strstr(shown[1]->str, "capabilities negotiation"));
	g_string_truncate(shown[1], 0);
	send_frame(FRAME_QMP, "{\"execute\": \"qmp_capabilities\", \"id\": 7}");
	saw(shown[1], "{\"return\":{},\"id\":7}\r\n");
	send_frame(FRAME_QMP, "{\"execute\": \"query-status\", \"id\": {\"a\": [1]}}");
	qemu_heard("{\"execute\":\"query-status\"}\n");
	qemu_says("{\"return\": {\"status\": \"running\"}}\n");
	saw(shown[1], "{\"return\":{\"status\":\"running\"},\"id\":{\"a\":[1]}}\r\n");
}

static void what_kvm_would_say(void **state)
{
	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"query-kvm\", \"id\": 1}");
	saw(shown[1], "{\"return\":{\"enabled\":true,\"present\":true},\"id\":1}\r\n");
	qemu_heard("");
	send_frame(FRAME_QMP, "{\"execute\": \"query-cpu-model-expansion\", \"arguments\": "
		   "{\"type\": \"static\", \"model\": {\"name\": \"host\"}}}");
	qemu_heard("{\"execute\":\"query-cpu-model-expansion\",\"arguments\":"
		   "{\"type\":\"static\",\"model\":{\"name\":\"max\"}}}\n");
	qemu_says("{\"return\": {}}\n");
	send_frame(FRAME_QMP, "{\"execute\": \"query-cpu-model-baseline\", \"arguments\": "
		   "{\"modela\": 1, \"modelb\": {\"name\": 5}}}");
	qemu_heard("{\"execute\":\"query-cpu-model-baseline\",\"arguments\":"
		   "{\"modela\":1,\"modelb\":{\"name\":5}}}\n");
}

/*
 * QEMU would report the host's ends of character devices; the LPAR gets those
 * that it has described itself.
 */
static void chardevs(void **state)
{
	static const struct start start = { .chardev = { "con0=pty:/dev/pts/0", "x", "y=\xff" },
					    .chardevs = 3 };
	int ends[2];

	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"query-chardev\"}");
	qemu_heard("");
	saw(shown[1], "{\"return\":[]}\r\n");
	monitor_free(monitor);
	close(qemu);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	qemu = ends[0];
	monitor = monitor_new(ends[1], &start);
	qemu_says(GREETING_TEXT "{\"return\": {}}\n");
	qemu_heard("{\"execute\":\"qmp_capabilities\"}\n");
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"query-chardev\"}");
	qemu_heard("");
	saw(shown[1], "{\"return\":[{\"label\":\"con0\",\"filename\":\"pty:\\/dev\\/pts\\/0\","
		      "\"frontend-open\":true}]}\r\n");
}

/* QEMU reports the host's files and threads, which are hidden from the LPAR. */
static void what_of_the_host_is_told(void **state)
{
	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"query-block\"}");
	qemu_heard("{\"execute\":\"query-block\"}\n");
	qemu_says("{\"return\": [{\"device\": \"d\", \"inserted\": {\"file\": \"/srv/secret\"}}]}\n");
	saw(shown[1], "{\"return\":[{\"device\":\"d\",\"inserted\":{\"file\":\"\"}}]}\r\n");
	send_frame(FRAME_QMP, "{\"execute\": \"query-cpus-fast\"}");
	qemu_heard("{\"execute\":\"query-cpus-fast\"}\n");
	qemu_says("{\"return\": [{\"thread-id\": 4711}]}\n");
	saw(shown[1], "{\"return\":[{\"thread-id\":0}]}\r\n");
}

/*
 * Commands that access files, devices, memory, sockets or other processes are
 * not offered.
 */
static void what_is_not_offered(void **state)
{
	static const char *const commands[] = {
		"human-monitor-command", "blockdev-add", "chardev-add", "object-add", "netdev_add",
		"dump-guest-memory", "memsave", "pmemsave", "screendump", "migrate", "getfd",
		"add-fd", "nbd-server-start", "qom-set", "qom-get", "device-sync-config",
		"block-export-add", "trace-event-set-state", "xen-save-devices-state", "stop ",
		"STOP", "", "query-rx-filter",
	};

	(void)state;
	begin_program();
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *text = g_strdup_printf("{\"execute\": \"%s\"}", commands[i]);

		send_frame(FRAME_QMP, text);
		qemu_heard("");
		assert_non_null(strstr(shown[1]->str, "CommandNotFound"));
		g_string_truncate(shown[1], 0);
	}
	send_frame(FRAME_QMP, "{\"exec-oob\": \"stop\"}");
	qemu_heard("");
	assert_non_null(strstr(shown[1]->str, "error"));
}

static void what_is_no_command(void **state)
{
	static const char *const texts[] = {
		"[]", "1 ", "\"stop\"", "}", "{\"execute\": }", "{\"execute\": 5}",
		"{\"execute\": \"stop\", \"arguments\": [1]}",
	};

	(void)state;
	begin_program();
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		send_frame(FRAME_QMP, texts[i]);
		qemu_heard("");
		assert_non_null(strstr(shown[1]->str, "GenericError"));
		g_string_truncate(shown[1], 0);
	}
	send_frame(FRAME_QMP, "{\"execute\": \"stop\"}");
	qemu_heard("{\"execute\":\"stop\"}\n");
}

static void too_deep(void **state)
{
	g_autofree char *deep = g_strnfill(1000, '[');
	g_autofree char *text = g_strdup_printf("{\"execute\": \"stop\", \"id\": %s", deep);

	(void)state;
	begin_program();
	send_frame(FRAME_QMP, text);
	assert_non_null(strstr(shown[1]->str, "JSON parse error"));
}

/* An object without an end is refused before it takes unlimited memory. */
static void too_long(void **state)
{
	g_autofree char *piece = g_strnfill(FRAME_MAX, 'x');

	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"");
	for (int i = 0; i < 2 * JSON_STREAM_MAX / FRAME_MAX && !shown[1]->len; i++) {
		assert_true(monitor_has_room(monitor));
		send_frame(FRAME_QMP, piece);
	}
	assert_non_null(strstr(shown[1]->str, "JSON parse error"));
}

static void a_line_without_end(void **state)
{
	g_autofree char *piece = g_strnfill(FRAME_MAX, 'x');

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_true(monitor_has_room(monitor));
		send_frame(FRAME_HMP, piece);
	}
}

/*
 * Commands are executed one at a time and in order. Only a limited number of
 * them is accepted.
 */
static void commands_in_plenty(void **state)
{
	g_autofree char *lines = NULL;

	(void)state;
	for (int i = 0; i < 10000 && monitor_has_room(monitor); i++)
		send_frame(FRAME_HMP, "stop\ncont\n");
	assert_false(monitor_has_room(monitor));
	qemu_heard("{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"stop\"}}\n");
	qemu_says("{\"return\": \"\"}\n");
	qemu_heard("{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"cont\"}}\n");
}

static void a_device(void **state)
{
	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"device_add\", \"id\": 1, \"arguments\": "
		   "{\"driver\": \"vfio-ap\", \"id\": \"ap0\", \"sysfsdev\": \"/a,b\"}}");
	saw(asked, "20 vfio-ap,id=ap0,sysfsdev=/a,,b\n");
	saw(shown[1], "");
	assert_true(send_frame(FRAME_DEVICE_DONE, "it is busy"));
	saw(shown[1], "{\"error\":{\"class\":\"GenericError\",\"desc\":\"it is busy\"},\"id\":1}\r\n");
	send_frame(FRAME_HMP, "device_add vfio-ap,sysfsdev=/a,id=x\n");
	saw(asked, "20 vfio-ap,sysfsdev=/a,id=x\n");
	assert_true(send_frame(FRAME_DEVICE_DONE, ""));
	saw(shown[0], "(qemu) ");
	send_frame(FRAME_QMP, "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"x\"}}");
	saw(asked, "21 x\n");
	assert_true(send_frame(FRAME_DEVICE_GONE, "x"));
	assert_non_null(strstr(shown[1]->str, "\"event\":\"DEVICE_DELETED\""));
	assert_non_null(strstr(shown[1]->str, "\"device\":\"x\""));
	g_string_truncate(shown[1], 0);
	assert_true(send_frame(FRAME_DEVICE_DONE, ""));
	saw(shown[1], "{\"return\":{}}\r\n");
	qemu_heard("");
}

static void other_devices(void **state)
{
	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"device_add\", \"arguments\": "
		   "{\"driver\": \"virtio-blk-ccw\", \"drive\": \"x\"}}");
	send_frame(FRAME_QMP, "{\"execute\": \"device_add\"}");
	send_frame(FRAME_QMP, "{\"execute\": \"device_del\"}");
	saw(asked, "");
	qemu_heard("");
}

static void an_answer_that_nobody_asked_for(void **state)
{
	(void)state;
	assert_false(send_frame(FRAME_DEVICE_DONE, ""));
	assert_false(send_frame(FRAME_DEVICE_GONE, "\xff"));
	assert_false(send_frame(FRAME_START, ""));
}

static void events(void **state)
{
	static const char stop[] = "{\"event\": \"STOP\"}\n";

	(void)state;
	qemu_says(stop);
	begin_program();
	qemu_says(stop);
	saw(shown[1], "{\"event\":\"STOP\"}\r\n");
	saw(asked, "");
	qemu_says("{\"event\": \"RESET\", \"data\": {\"guest\": true}}\n");
	saw(asked, "22 \n");
}

/* The next program does not get answers to the one before. */
static void a_program_that_left(void **state)
{
	(void)state;
	begin_program();
	send_frame(FRAME_QMP, "{\"execute\": \"query-name\", \"id\": 1}");
	qemu_heard("{\"execute\":\"query-name\"}\n");
	begin_program();
	qemu_says("{\"return\": {\"name\": \"g\"}}\n");
	saw(shown[1], "{\"return\":{}}\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_person, setup, teardown),
		cmocka_unit_test_setup_teardown(a_program, setup, teardown),
		cmocka_unit_test_setup_teardown(what_kvm_would_say, setup, teardown),
		cmocka_unit_test_setup_teardown(chardevs, setup, teardown),
		cmocka_unit_test_setup_teardown(what_of_the_host_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_offered, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_command, setup, teardown),
		cmocka_unit_test_setup_teardown(too_deep, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_without_end, setup, teardown),
		cmocka_unit_test_setup_teardown(commands_in_plenty, setup, teardown),
		cmocka_unit_test_setup_teardown(a_device, setup, teardown),
		cmocka_unit_test_setup_teardown(other_devices, setup, teardown),
		cmocka_unit_test_setup_teardown(an_answer_that_nobody_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(events, setup, teardown),
		cmocka_unit_test_setup_teardown(a_program_that_left, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
