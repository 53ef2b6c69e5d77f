// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/number.h"
#include "request.h"

#define NAME_MAX_LENGTH	32
#define ID_MAX_LENGTH	64
#define DIRECTORY		"/guest/"

static bool __attribute__((format(printf, 2, 3)))
refuse(char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, REQUEST_REASON, format, args);
	va_end(args);
	return false;
}

const char *request_file(const char *path)
{
	const char *name, *slash;

	if (strncmp(path, DIRECTORY, strlen(DIRECTORY)))
		return NULL;
	path += strlen(DIRECTORY);
	for (name = path; name; name = slash ? slash + 1 : NULL) {
		if (!*name || *name == '/' || *name == '.')
			return NULL;
		slash = strchr(name, '/');
	}
	return path;
}

static bool take_text(char *reason, const char *name, const char *value, void *slot)
{
	(void)reason;
	(void)name;
	*(const char **)slot = value;
	return true;
}

static bool take_name(char *reason, const char *name, const char *value, void *slot)
{
	size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	if (value[length] || length > NAME_MAX_LENGTH || !isalnum((unsigned char)*value))
		return refuse(reason, "a guest's name has 1 to %d letters, digits, '_', '.' and '-', "
			      "and starts with a letter or digit", NAME_MAX_LENGTH);
	return take_text(reason, name, value, slot);
}

static bool take_file(char *reason, const char *name, const char *value, void *slot)
{
	if (!request_file(value))
		return refuse(reason, "%s %.100s: only files in " DIRECTORY " are there for guests",
			      name, value);
	return take_text(reason, name, value, slot);
}

static bool take_drive(char *reason, const char *name, const char *value, void *slot)
{
	struct start *start = slot;

	if (start->drives == REQUEST_DRIVES)
		return refuse(reason, "a guest has at most %d drives", REQUEST_DRIVES);
	return take_file(reason, name, value, &start->drive[start->drives++]);
}

static bool take_number(char *reason, const char *name, const char *value,
			uint64_t min, uint64_t max, uint64_t *number)
{
	if (!number_take(&value, 10, max, number) || *value || *number < min)
		return refuse(reason, "%s is a number from %llu to %llu", name,
			      (unsigned long long)min, (unsigned long long)max);
	return true;
}

static bool take_guest(char *reason, const char *name, const char *value, void *slot)
{
	return take_number(reason, name, value, 0, UINT64_MAX, slot);
}

static bool take_memory(char *reason, const char *name, const char *value, void *slot)
{
	return take_number(reason, name, value, 64, 8192, slot);
}

/* The maximum is that of Linux. */
static bool take_process(char *reason, const char *name, const char *value, void *slot)
{
	return take_number(reason, name, value, 1, 1 << 22, slot);
}

static bool take_cpus(char *reason, const char *name, const char *value, void *slot)
{
	return take_number(reason, name, value, 1, 8, slot);
}

static bool take_word(char *reason, const char *name, const char *value, const char *word,
		      bool *slot)
{
	*slot = true;
	return !strcmp(value, word) || refuse(reason, "%s is %s, or left out", name, word);
}

static bool take_reboot(char *reason, const char *name, const char *value, void *slot)
{
	return take_word(reason, name, value, "off", slot);
}

static bool take_paused(char *reason, const char *name, const char *value, void *slot)
{
	return take_word(reason, name, value, "on", slot);
}

static bool take_shutdown(char *reason, const char *name, const char *value, void *slot)
{
	return take_word(reason, name, value, "pause", slot);
}

/*
 * Take a text that becomes part of a list of options, so it must not begin
 * another element.
 */
static bool take_plain(char *reason, const char *name, const char *value, const char *also,
		       void *slot)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const char *c = value;

	while (*c && (strchr(letters, *c) || strchr(also, *c)))
		c++;
	if (*c || !isalnum((unsigned char)*value))
		return refuse(reason, "%s has letters, digits and '%s' only", name, also);
	return take_text(reason, name, value, slot);
}

static bool take_machine(char *reason, const char *name, const char *value, void *slot)
{
	static const char machine[] = "s390-ccw-virtio";

	if (strncmp(value, machine, strlen(machine)))
		return refuse(reason, "the machine is %s, or a version of it", machine);
	return take_plain(reason, name, value, "-.", slot);
}

static bool is_switched(const char *element, size_t length)
{
	const char *sign = memchr(element, '=', length);
	size_t left = sign ? length - (sign + 1 - element) : 0;

	return sign && sign > element && ((left == 2 && !memcmp(sign, "=on", 3)) ||
					  (left == 3 && !memcmp(sign, "=off", 4)));
}

/* Take a model, with ",FEATURE=on|off" for each feature. */
static bool take_cpu(char *reason, const char *name, const char *value, void *slot)
{
	const char *element = value + strcspn(value, ",");
	bool good = !memchr(value, '=', element - value);

	for (size_t length; good && *element; element += length) {
		length = strcspn(++element, ",");
		good = is_switched(element, length);
	}
	return good ? take_plain(reason, name, value, "-.,=", slot) :
		      refuse(reason, "%s is a model, and FEATURE=on or FEATURE=off", name);
}

static bool take_uuid(char *reason, const char *name, const char *value, void *slot)
{
	if (strlen(value) != 36 || value[strspn(value, "0123456789abcdefABCDEF-")])
		return refuse(reason, "%s is no UUID", name);
	return take_text(reason, name, value, slot);
}

static bool take_console(char *reason, const char *name, const char *value, void *slot)
{
	if (strlen(value) > ID_MAX_LENGTH)
		return refuse(reason, "%s has at most %d characters", name, ID_MAX_LENGTH);
	return take_plain(reason, name, value, "-._", slot);
}

static bool take_chardev(char *reason, const char *name, const char *value, void *slot)
{
	struct start *start = slot;

	if (start->chardevs == REQUEST_CHARDEVS)
		return refuse(reason, "a guest has at most %d chardevs", REQUEST_CHARDEVS);
	if (!strchr(value, '='))
		return refuse(reason, "%s is ID=WHAT", name);
	return take_text(reason, name, value, &start->chardev[start->chardevs++]);
}

static bool take_part(char *reason, const char *kind, const char *value, void *slot)
{
	struct start *start = slot;

	if (start->parts == REQUEST_PARTS)
		return refuse(reason, "a guest has at most %d objects, block devices and devices",
			      REQUEST_PARTS);
	start->part[start->parts].kind = kind;
	return take_text(reason, kind, value, &start->part[start->parts++].json);
}

static bool take_seconds(char *reason, const char *name, const char *value, void *slot)
{
	return take_number(reason, name, value, 1, 3600, slot);
}

struct row {
	const char *name;
	bool (*take)(char *reason, const char *name, const char *value, void *slot);
	size_t offset;
	enum { ONCE, OPTIONAL, REPEATED } count;
};

static const struct row start_rows[] = {
	{ "guest", take_guest, offsetof(struct start, guest), ONCE },
	{ "name", take_name, offsetof(struct start, name), ONCE },
	{ "memory", take_memory, offsetof(struct start, memory), ONCE },
	{ "cpus", take_cpus, offsetof(struct start, cpus), ONCE },
	{ "kernel", take_file, offsetof(struct start, kernel), ONCE },
	{ "initrd", take_file, offsetof(struct start, initrd), OPTIONAL },
	{ "append", take_text, offsetof(struct start, append), OPTIONAL },
	{ "reboot", take_reboot, offsetof(struct start, ends_at_reboot), OPTIONAL },
	{ "drive", take_drive, 0, REPEATED },
	{ "machine", take_machine, offsetof(struct start, machine), OPTIONAL },
	{ "cpu", take_cpu, offsetof(struct start, cpu), OPTIONAL },
	{ "uuid", take_uuid, offsetof(struct start, uuid), OPTIONAL },
	{ "console", take_console, offsetof(struct start, console), OPTIONAL },
	{ "process", take_process, offsetof(struct start, process), OPTIONAL },
	{ "paused", take_paused, offsetof(struct start, is_paused), OPTIONAL },
	{ "shutdown", take_shutdown, offsetof(struct start, stays_after_shutdown), OPTIONAL },
	{ "chardev", take_chardev, 0, REPEATED },
	{ "object", take_part, 0, REPEATED },
	{ "blockdev", take_part, 0, REPEATED },
	{ "device", take_part, 0, REPEATED },
	{ NULL }
};

static const struct row exec_rows[] = {
	{ "name", take_name, offsetof(struct exec, name), ONCE },
	{ "seconds", take_seconds, offsetof(struct exec, seconds), ONCE },
	{ "command", take_text, offsetof(struct exec, command), ONCE },
	{ NULL }
};

static const struct row *find(const struct row *rows, const char *name, size_t length)
{
	for (const struct row *row = rows; row->name; row++) {
		if (strlen(row->name) == length && !memcmp(row->name, name, length))
			return row;
	}
	return NULL;
}

static bool check_missing(char *reason, const struct row *rows, unsigned int seen)
{
	for (const struct row *row = rows; row->name; row++) {
		if (row->count == ONCE && !(seen & 1 << (row - rows)))
			return refuse(reason, "%s is missing", row->name);
	}
	return true;
}

static bool parse(char *reason, const struct row *rows, const struct frame *frame,
		  void *request)
{
	const char *name, *value;
	unsigned int seen = 0;
	struct fields fields;
	const struct row *row;
	size_t length;
	int more;

	fields_of(&fields, frame);
	while ((more = field_next(&fields, &name, &length, &value)) > 0) {
		row = find(rows, name, length);
		if (!row)
			return refuse(reason, "unknown field");
		if (row->count != REPEATED && seen & 1 << (row - rows))
			return refuse(reason, "%s was given twice", row->name);
		seen |= 1 << (row - rows);
		if (!row->take(reason, row->name, value, (char *)request + row->offset))
			return false;
	}
	if (more < 0)
		return refuse(reason, "the request is not a list of fields");
	return check_missing(reason, rows, seen);
}

bool request_start(struct start *start, const struct frame *frame, char *reason)
{
	memset(start, 0, sizeof(*start));
	return parse(reason, start_rows, frame, start);
}

bool request_exec(struct exec *exec, const struct frame *frame, char *reason)
{
	memset(exec, 0, sizeof(*exec));
	return parse(reason, exec_rows, frame, exec);
}
