// SPDX-License-Identifier: GPL-2.0-only
#include "monitor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "json_stream.h"
#include "json_text.h"
#include "qmp.h"

#define PROMPT		"(qemu) "

/* Limit of what the LPAR may send before its commands are executed */
#define INPUT_MAX	(64 << 10)

/* Limit of a line of HMP; a longer one is not a command */
#define TYPED_MAX	8192

/* Commands of HMP that QEMU executes unchanged */
static const struct {
	const char *typed, *command;
} lines_passed_on[] = {
	{ "c", "cont" },
	{ "cont", "cont" },
	{ "info kvm", "info kvm" },
	{ "info name", "info name" },
	{ "info status", "info status" },
	{ "info version", "info version" },
	{ "q", "quit" },
	{ "quit", "quit" },
	{ "s", "stop" },
	{ "stop", "stop" },
	{ "system_powerdown", "system_powerdown" },
	{ "system_reset", "system_reset" },
};

static const char help[] =
	"cont, c                     resume the guest\n"
	"device_add vfio-ap,sysfsdev=PATH[,id=ID]\n"
	"device_del ID\n"
	"info kvm|name|status|version\n"
	"quit, q                     end the guest\n"
	"stop, s                     pause the guest\n"
	"system_powerdown            ask the guest to power down\n"
	"system_reset                reset the guest\n";

struct out {
	enum frame_type type;
	GBytes *payload;
};

enum origin { PERSON, PROGRAM, GONE };

/*
 * @awaited is the source of the answer for which the current command waits, at
 * first of QEMU's greeting. @origin and @id identify the sender of the command,
 * which may have disconnected. @command is the command of a program that QEMU
 * executes, @device the id of the guest's vfio-ap device, or "", and @process
 * the process ID of the front end in the LPAR.
 */
struct monitor {
	int qemu;
	struct json_stream answers, commands;
	GString *typed, *to_qemu;
	GQueue *frames;
	enum { NOBODY, GREETING, CAPABILITIES, QEMU, FRONT_END } awaited;
	enum origin origin;
	struct json_object *id, *greeting, *chardevs;
	char *command, *device;
	uint64_t process;
	bool has_person, has_program, is_negotiated, lists_devices, lacks_kvm;
};

static void push(struct monitor *m, enum frame_type type, const void *bytes, size_t length)
{
	struct out *out = g_new(struct out, 1);

	*out = (struct out){ type, g_bytes_new(bytes, length) };
	g_queue_push_tail(m->frames, out);
}

static void push_pieces(struct monitor *m, enum frame_type type, const char *text)
{
	for (size_t left = strlen(text), piece; left; left -= piece, text += piece) {
		piece = MIN(left, FRAME_MAX);
		push(m, type, text, piece);
	}
}

/* Send @object to the program, and put it. */
static void tell_program(struct monitor *m, struct json_object *object)
{
	g_autofree char *line = g_strconcat(json_object_to_json_string_ext(
						    object, JSON_C_TO_STRING_PLAIN), "\r\n", NULL);

	push_pieces(m, FRAME_QMP, line);
	json_object_put(object);
}

static struct json_object *object_of(const char *key, struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, key, value);
	return object;
}

static struct json_object *error_of(const char *class, const char *sentence)
{
	struct json_object *error = object_of("class", json_object_new_string(class));

	json_object_object_add(error, "desc", json_object_new_string(sentence));
	return object_of("error", error);
}

static void answer_program(struct monitor *m, struct json_object *answer)
{
	if (m->id)
		json_object_object_add(answer, "id", json_object_get(m->id));
	tell_program(m, json_object_get(answer));
}

static void answer_person(struct monitor *m, struct json_object *answer)
{
	struct json_object *value;

	if (json_object_object_get_ex(answer, "return", &value)) {
		if (json_object_is_type(value, json_type_string))
			push_pieces(m, FRAME_HMP, json_object_get_string(value));
	} else if (json_object_object_get_ex(answer, "error", &value) &&
		   json_object_object_get_ex(value, "desc", &value)) {
		push_pieces(m, FRAME_HMP, "Error: ");
		push_pieces(m, FRAME_HMP, json_object_get_string(value));
		push_pieces(m, FRAME_HMP, "\n");
	}
	push_pieces(m, FRAME_HMP, PROMPT);
}

/*
 * Complete the command with @answer, which has "return" or "error", and put it.
 */
static void answer(struct monitor *m, struct json_object *answer)
{
	m->awaited = NOBODY;
	if (m->origin == PROGRAM)
		answer_program(m, answer);
	else if (m->origin == PERSON)
		answer_person(m, answer);
	json_object_put(answer);
	json_object_put(m->id);
	m->id = NULL;
}

static void answer_error(struct monitor *m, const char *class, const char *sentence)
{
	answer(m, error_of(class, sentence));
}

static void answer_nothing(struct monitor *m)
{
	answer(m, object_of("return", json_object_new_object()));
}

/* Have QEMU execute a command, and put @arguments, which may be NULL. */
static void ask_qemu(struct monitor *m, const char *command, struct json_object *arguments)
{
	struct json_object *object = object_of("execute", json_object_new_string(command));

	if (arguments)
		json_object_object_add(object, "arguments", arguments);
	g_string_append(m->to_qemu, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	g_string_append_c(m->to_qemu, '\n');
	json_object_put(object);
	m->awaited = QEMU;
}

static void ask_front_end(struct monitor *m, enum frame_type type, const char *text)
{
	if (strlen(text) > FRAME_MAX)
		return answer_error(m, "GenericError", "the description is too long");
	push(m, type, text, strlen(text));
	m->awaited = FRONT_END;
}

/* Commands of people */

static void execute_line(struct monitor *m, const char *line)
{
	m->origin = PERSON;
	if (g_str_has_prefix(line, "device_add "))
		return ask_front_end(m, FRAME_DEVICE_ADD, line + strlen("device_add "));
	if (g_str_has_prefix(line, "device_del "))
		return ask_front_end(m, FRAME_DEVICE_DEL, line + strlen("device_del "));
	for (size_t i = 0; i < G_N_ELEMENTS(lines_passed_on); i++) {
		if (!strcmp(line, lines_passed_on[i].typed))
			return ask_qemu(m, "human-monitor-command",
					object_of("command-line", json_object_new_string(
							  lines_passed_on[i].command)));
	}
	if (!strcmp(line, "help"))
		push_pieces(m, FRAME_HMP, help);
	else if (*line)
		push_pieces(m, FRAME_HMP, "no such command here; 'help' lists what is offered\n");
	push_pieces(m, FRAME_HMP, PROMPT);
}

static bool take_line(struct monitor *m)
{
	char *end = memchr(m->typed->str, '\n', m->typed->len);
	g_autofree char *line = NULL;

	if (!end) {
		if (m->typed->len >= TYPED_MAX)
			g_string_truncate(m->typed, 0);
		return false;
	}
	line = g_strndup(m->typed->str, end - m->typed->str);
	g_string_erase(m->typed, 0, end + 1 - m->typed->str);
	execute_line(m, g_strstrip(line));
	return true;
}

/* Commands of programs */

/*
 * Append an element to a list of options, in which a comma of the value is
 * doubled.
 */
static void add_element(GString *list, const char *key, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ",", -1);
	g_autofree char *escaped = g_strjoinv(",,", parts);

	g_string_append_printf(list, ",%s=%s", key, escaped);
}

static void add_device(struct monitor *m, struct json_object *arguments)
{
	const char *driver = json_text(arguments, "driver");
	g_autoptr(GString) list = g_string_new("vfio-ap");

	if (!driver)
		return answer_error(m, "GenericError", "Parameter 'driver' is missing");
	if (strcmp(driver, "vfio-ap"))
		return answer_error(m, "GenericError", "vfio-ap is the device for a guest");
	json_object_object_foreach(arguments, key, value) {
		if (!strcmp(key, "driver"))
			continue;
		if (!json_object_is_type(value, json_type_string))
			return answer_error(m, "GenericError", "sysfsdev and id are strings");
		add_element(list, key, json_object_get_string(value));
	}
	ask_front_end(m, FRAME_DEVICE_ADD, list->str);
}

static void del_device(struct monitor *m, struct json_object *arguments)
{
	const char *id = json_text(arguments, "id");

	if (!id)
		return answer_error(m, "GenericError", "Parameter 'id' is missing");
	ask_front_end(m, FRAME_DEVICE_DEL, id);
}

/*
 * Guests of the LPAR run under its KVM, regardless of what executes their
 * instructions.
 */
static void query_kvm(struct monitor *m)
{
	struct json_object *answered = object_of("enabled", json_object_new_boolean(!m->lacks_kvm));

	json_object_object_add(answered, "present", json_object_new_boolean(true));
	answer(m, object_of("return", answered));
}

/* Only the LPAR knows where the guest's streams end. */
static void query_chardevs(struct monitor *m)
{
	answer(m, object_of("return", json_object_get(m->chardevs)));
}

static void pass_on(struct monitor *m, const char *command, struct json_object *arguments)
{
	g_autofree char *sentence = NULL;

	if (qmp_takes(command, arguments)) {
		g_free(m->command);
		m->command = g_strdup(command);
		m->lists_devices = qmp_lists_devices(command, arguments);
		ask_qemu(m, command, json_object_get(arguments));
	} else {
		sentence = g_strdup_printf("The command %.64s is not offered here", command);
		answer_error(m, "CommandNotFound", sentence);
	}
}

static void execute(struct monitor *m, const char *command, struct json_object *arguments)
{
	if (!strcmp(command, "qmp_capabilities")) {
		m->is_negotiated = true;
		answer_nothing(m);
	} else if (!m->is_negotiated) {
		answer_error(m, "CommandNotFound",
			     "Expecting capabilities negotiation with 'qmp_capabilities'");
	} else if (!strcmp(command, "device_add")) {
		add_device(m, arguments);
	} else if (!strcmp(command, "device_del")) {
		del_device(m, arguments);
	} else if (!strcmp(command, "query-kvm")) {
		query_kvm(m);
	} else if (!strcmp(command, "query-chardev")) {
		query_chardevs(m);
	} else {
		pass_on(m, command, arguments);
	}
}

static void execute_object(struct monitor *m, struct json_object *object)
{
	struct json_object *arguments = NULL;
	const char *command = json_text(object, "execute");

	m->origin = PROGRAM;
	if (json_object_object_get_ex(object, "id", &m->id))
		json_object_get(m->id);
	json_object_object_get_ex(object, "arguments", &arguments);
	if (!command)
		answer_error(m, "GenericError", "QMP input lacks member 'execute'");
	else if (arguments && !json_object_is_type(arguments, json_type_object))
		answer_error(m, "GenericError", "QMP input member 'arguments' must be an object");
	else
		execute(m, command, arguments);
	json_object_put(object);
}

static bool take_object(struct monitor *m)
{
	struct json_object *object = NULL;
	int taken = json_stream_take(&m->commands, &object);

	if (taken > 0)
		execute_object(m, object);
	if (taken < 0)
		tell_program(m, error_of("GenericError", "JSON parse error"));
	return taken;
}

static void execute_next(struct monitor *m)
{
	while (m->awaited == NOBODY && (take_line(m) || take_object(m)))
		;
}

/* Messages of QEMU */

static void greet_person(struct monitor *m)
{
	push_pieces(m, FRAME_HMP, "QEMU monitor of a guest beside the LPAR - type 'help' for "
		    "what is offered\n" PROMPT);
}

static void greet_program(struct monitor *m)
{
	m->is_negotiated = false;
	if (m->greeting)
		tell_program(m, json_object_get(m->greeting));
}

/* Pass an event on, and put @object. */
static void take_event(struct monitor *m, const char *event, struct json_object *object)
{
	if (!strcmp(event, "RESET"))
		push(m, FRAME_RESET, NULL, 0);
	if (m->has_program && m->is_negotiated)
		tell_program(m, object);
	else
		json_object_put(object);
}

static void take_greeting(struct monitor *m, struct json_object *object)
{
	m->greeting = object;
	if (m->has_program)
		greet_program(m);
	ask_qemu(m, "qmp_capabilities", NULL);
	m->awaited = CAPABILITIES;
}

/* Process the result of a command, and put @object. */
static void take_result(struct monitor *m, struct json_object *object)
{
	const struct qmp_lpar lpar = { m->device, m->process, m->lists_devices, m->lacks_kvm };
	struct json_object *returned;

	if (m->origin == PROGRAM && json_object_object_get_ex(object, "return", &returned))
		qmp_mend(m->command, returned, &lpar);
	answer(m, object);
}

static void take_answer(struct monitor *m, struct json_object *object)
{
	const char *event = json_text(object, "event");

	if (event)
		return take_event(m, event, object);
	if (m->awaited == GREETING)
		return take_greeting(m, object);
	if (m->awaited == QEMU)
		return take_result(m, object);
	if (m->awaited == CAPABILITIES)
		m->awaited = NOBODY;
	json_object_put(object);
}

static void close_qemu(struct monitor *m)
{
	close(m->qemu);
	m->qemu = -1;
}

static void hear_qemu(struct monitor *m)
{
	struct json_object *object;
	char bytes[16384];
	ssize_t length = read(m->qemu, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0)
		return close_qemu(m);
	json_stream_put(&m->answers, bytes, length);
	while (json_stream_take(&m->answers, &object) > 0)
		take_answer(m, object);
}

static void tell_qemu(struct monitor *m)
{
	ssize_t length;

	if (!m->to_qemu->len || m->qemu < 0)
		return;
	length = write(m->qemu, m->to_qemu->str, m->to_qemu->len);
	if (length > 0)
		g_string_erase(m->to_qemu, 0, length);
	else if (length < 0 && errno != EAGAIN && errno != EINTR)
		close_qemu(m);
}

/* Interface */

/*
 * Return the chardevs "ID=DESCRIPTION" of the LPAR, without those that are not
 * text.
 */
static struct json_object *chardevs_of(const struct start *start)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; start && i < start->chardevs; i++) {
		g_auto(GStrv) parts = g_strsplit(start->chardev[i], "=", 2);
		struct json_object *chardev;

		if (!g_utf8_validate(start->chardev[i], -1, NULL) || !parts[0] || !parts[1])
			continue;
		chardev = object_of("label", json_object_new_string(parts[0]));
		json_object_object_add(chardev, "filename", json_object_new_string(parts[1]));
		json_object_object_add(chardev, "frontend-open", json_object_new_boolean(true));
		json_object_array_add(list, chardev);
	}
	return list;
}

struct monitor *monitor_new(int qemu, const struct start *start)
{
	struct monitor *m = g_new0(struct monitor, 1);

	m->qemu = qemu;
	m->awaited = GREETING;
	m->typed = g_string_new(NULL);
	m->to_qemu = g_string_new(NULL);
	m->frames = g_queue_new();
	m->chardevs = chardevs_of(start);
	m->process = start ? start->process : 0;
	m->device = g_strdup("");
	json_stream_init(&m->answers);
	json_stream_init(&m->commands);
	return m;
}

void monitor_lacks_kvm(struct monitor *m)
{
	m->lacks_kvm = true;
}

static void out_free(gpointer data)
{
	struct out *out = data;

	g_bytes_unref(out->payload);
	g_free(out);
}

void monitor_free(struct monitor *m)
{
	if (m->qemu >= 0)
		close(m->qemu);
	json_object_put(m->id);
	json_object_put(m->greeting);
	json_object_put(m->chardevs);
	g_free(m->command);
	g_free(m->device);
	json_stream_exit(&m->answers);
	json_stream_exit(&m->commands);
	g_string_free(m->typed, TRUE);
	g_string_free(m->to_qemu, TRUE);
	g_queue_free_full(m->frames, out_free);
	g_free(m);
}

/*
 * While the LPAR has frames to take, nothing is read from QEMU, whose answers
 * may be long.
 */
void monitor_prepare(const struct monitor *m, struct pollfd *pollfd)
{
	pollfd->events = (g_queue_is_empty(m->frames) ? POLLIN : 0) |
			 (m->to_qemu->len ? POLLOUT : 0);
	pollfd->fd = pollfd->events ? m->qemu : -1;
}

void monitor_serve(struct monitor *m)
{
	tell_qemu(m);
	if (m->qemu >= 0 && g_queue_is_empty(m->frames))
		hear_qemu(m);
	execute_next(m);
}

bool monitor_has_room(const struct monitor *m)
{
	return m->typed->len + m->commands.bytes->len < INPUT_MAX;
}

/* Drop the answer to the previous client, because another one has connected. */
static void leave(struct monitor *m, enum origin origin)
{
	if (m->awaited != NOBODY && m->origin == origin)
		m->origin = GONE;
}

static void take_typed(struct monitor *m, const struct frame *frame)
{
	m->has_person = true;
	if (!frame->length) {
		g_string_truncate(m->typed, 0);
		leave(m, PERSON);
		greet_person(m);
	}
	g_string_append_len(m->typed, (const char *)frame->payload, frame->length);
}

static void take_command(struct monitor *m, const struct frame *frame)
{
	m->has_program = true;
	if (!frame->length) {
		json_stream_exit(&m->commands);
		json_stream_init(&m->commands);
		leave(m, PROGRAM);
		greet_program(m);
	}
	json_stream_put(&m->commands, frame->payload, frame->length);
}

static bool take_device_done(struct monitor *m, const struct frame *frame)
{
	g_autofree char *sentence = g_strndup((const char *)frame->payload, frame->length);

	if (m->awaited != FRONT_END || !g_utf8_validate(sentence, -1, NULL))
		return false;
	if (*sentence)
		answer_error(m, "GenericError", sentence);
	else
		answer_nothing(m);
	return true;
}

static bool take_device_plugged(struct monitor *m, const struct frame *frame)
{
	g_free(m->device);
	m->device = g_strndup((const char *)frame->payload, frame->length);
	return g_utf8_validate(m->device, -1, NULL);
}

static bool take_device_gone(struct monitor *m, const struct frame *frame)
{
	g_autofree char *id = g_strndup((const char *)frame->payload, frame->length);
	g_autofree char *path = g_strconcat("/machine/peripheral/", id, NULL);
	gint64 now = g_get_real_time();
	struct json_object *event, *data, *time;

	if (!g_utf8_validate(id, -1, NULL))
		return false;
	*m->device = '\0';
	time = object_of("seconds", json_object_new_int64(now / G_USEC_PER_SEC));
	json_object_object_add(time, "microseconds", json_object_new_int64(now % G_USEC_PER_SEC));
	data = object_of("path", json_object_new_string(path));
	if (*id)
		json_object_object_add(data, "device", json_object_new_string(id));
	event = object_of("timestamp", time);
	json_object_object_add(event, "event", json_object_new_string("DEVICE_DELETED"));
	json_object_object_add(event, "data", data);
	take_event(m, "DEVICE_DELETED", event);
	return true;
}

bool monitor_take(struct monitor *m, const struct frame *frame)
{
	bool good = true;

	switch ((int)frame->type) {
	case FRAME_HMP:
		take_typed(m, frame);
		break;
	case FRAME_QMP:
		take_command(m, frame);
		break;
	case FRAME_DEVICE_DONE:
		good = take_device_done(m, frame);
		break;
	case FRAME_DEVICE_GONE:
		good = take_device_gone(m, frame);
		break;
	case FRAME_DEVICE_PLUGGED:
		good = take_device_plugged(m, frame);
		break;
	default:
		return false;
	}
	execute_next(m);
	tell_qemu(m);
	return good;
}

bool monitor_next_frame(struct monitor *m, enum frame_type *type, GBytes **payload)
{
	struct out *out = g_queue_pop_head(m->frames);

	if (!out)
		return false;
	*type = out->type;
	*payload = out->payload;
	g_free(out);
	return true;
}
