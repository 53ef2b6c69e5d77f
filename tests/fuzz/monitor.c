// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an LPAR says to the monitors of its guest. Each frame of an input is a
 * byte for its type, a byte for its length, and the bytes. This test is QEMU,
 * and gets the commands of the list and no others.
 *
 * runs: 20000
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/socket.h>

#include "sie/host/monitor.c"
#include "fuzz.h"

#define GREETING_TEXT	"{\"QMP\": {}}\n"
#define ANSWER_TEXT	"{\"return\": {}}\n"

static bool is_line_passed_on(struct json_object *object)
{
	struct json_object *arguments;
	const char *line;

	promised(json_object_object_get_ex(object, "arguments", &arguments));
	line = json_text(arguments, "command-line");
	promised(line);
	for (size_t i = 0; i < G_N_ELEMENTS(lines_passed_on); i++) {
		if (!strcmp(line, lines_passed_on[i].command))
			return true;
	}
	return false;
}

static bool is_offered(struct json_object *object, const char *command)
{
	struct json_object *arguments = NULL;

	json_object_object_get_ex(object, "arguments", &arguments);
	return qmp_takes(command, arguments);
}

static void judge(struct json_object *object)
{
	const char *command = json_text(object, "execute");

	promised(command);
	if (!strcmp(command, "human-monitor-command"))
		promised(is_line_passed_on(object));
	else
		promised(!strcmp(command, "qmp_capabilities") || is_offered(object, command));
}

/* Read everything that QEMU was sent, and answer each command. */
static void be_qemu(int qemu, struct json_stream *heard)
{
	struct json_object *object;
	char bytes[4096];
	ssize_t length;
	int taken;

	while ((length = read(qemu, bytes, sizeof(bytes))) > 0)
		json_stream_put(heard, bytes, length);
	while ((taken = json_stream_take(heard, &object)) > 0) {
		judge(object);
		json_object_put(object);
		promised(write(qemu, ANSWER_TEXT, strlen(ANSWER_TEXT)) > 0);
	}
	promised(!taken);
}

static void be_lpar(struct monitor *monitor)
{
	enum frame_type type;
	GBytes *payload;

	while (monitor_next_frame(monitor, &type, &payload)) {
		promised(g_bytes_get_size(payload) <= FRAME_MAX);
		promised(type == FRAME_HMP || type == FRAME_QMP || type == FRAME_DEVICE_ADD ||
			 type == FRAME_DEVICE_DEL);
		g_bytes_unref(payload);
	}
}

static void step(struct monitor *monitor, int qemu, struct json_stream *heard)
{
	monitor_serve(monitor);
	be_lpar(monitor);
	be_qemu(qemu, heard);
}

static void talk(struct monitor *monitor, int qemu, const uint8_t *data, size_t size)
{
	static const enum frame_type types[] = {
		FRAME_HMP, FRAME_QMP, FRAME_DEVICE_DONE, FRAME_DEVICE_GONE,
		FRAME_DEVICE_PLUGGED,
	};
	struct json_stream heard;

	json_stream_init(&heard);
	promised(write(qemu, GREETING_TEXT, strlen(GREETING_TEXT)) > 0);
	while (size >= 2) {
		size_t length = MIN(data[1], size - 2);
		void *payload = exact_copy(data + 2, length);
		const struct frame frame = { types[data[0] % G_N_ELEMENTS(types)], payload, length };

		step(monitor, qemu, &heard);
		if (monitor_has_room(monitor))
			monitor_take(monitor, &frame);
		free(payload);
		data += 2 + length;
		size -= 2 + length;
	}
	step(monitor, qemu, &heard);
	step(monitor, qemu, &heard);
	json_stream_exit(&heard);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct monitor *monitor;
	int ends[2];

	promised(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
	monitor = monitor_new(ends[1], NULL);
	talk(monitor, ends[0], data, size);
	monitor_free(monitor);
	close(ends[0]);
	return 0;
}
