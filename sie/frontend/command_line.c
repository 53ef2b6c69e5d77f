// SPDX-License-Identifier: GPL-2.0-only
#include "command_line.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "chardev.h"
#include "description.h"
#include "machine.h"
#include "parser.h"
#include "part.h"

static bool take_text(struct parser *p, const char *text)
{
	*(const char **)p->slot = text;
	return true;
}

static bool set(struct parser *p, const char *nothing)
{
	(void)nothing;
	*(bool *)p->slot = true;
	return true;
}

static bool take_always(struct parser *p, const char *nothing)
{
	(void)p;
	(void)nothing;
	return true;
}

/*
 * Accept what libvirt always passes. Other values would request what does not
 * exist.
 */
static bool take_known(struct parser *p, const char *list)
{
	struct element element, known;

	while (element_take(&list, &element)) {
		const char *all = p->known;
		bool found = false;

		while (!found && element_take(&all, &known))
			found = !strcmp(known.name, element.name) && !known.value == !element.value &&
				(!known.value || !strcmp(known.value, element.value));
		if (!found)
			return parser_refuse_element(p, &element, p->known);
	}
	return true;
}

static bool take_name(struct parser *p, const char *list)
{
	struct element element;
	const char *name;

	element_take(&list, &element);
	name = element.value ? element.value : element.name;
	if (element.value && strcmp(element.name, "guest"))
		return parser_refuse(p, "give a name, as in -name guest1");
	if (!*name || strlen(name) >= sizeof(p->options->name))
		return parser_refuse(p, "the name is empty or too long; use at most %d "
				     "characters", OPTIONS_NAME_MAX);
	strcpy(p->options->name, name);
	while (element_take(&list, &element)) {
		if (strcmp(element.name, "debug-threads") || !element_is_switch(&element))
			return parser_refuse_element(p, &element, "debug-threads= is");
	}
	return true;
}

static bool take_uuid(struct parser *p, const char *uuid)
{
	p->options->uuid = uuid;
	return (strlen(uuid) == 36 && !uuid[strspn(uuid, "0123456789abcdefABCDEF-")]) ||
	       parser_refuse(p, "this is no UUID");
}

static bool take_drive(struct parser *p, const char *list)
{
	struct options *o = p->options;
	struct element element;
	bool readonly = false;
	char *file;

	if (o->drives == OPTIONS_DRIVES)
		return parser_refuse(p, "a guest has at most %d drives", OPTIONS_DRIVES);
	file = o->drive[o->drives++];
	while (element_take(&list, &element)) {
		if (!strcmp(element.name, "file") && element.value)
			strcpy(file, element.value);
		else if (element_is(&element, "readonly", "on") ||
			 element_is(&element, "read-only", "on"))
			readonly = true;
		else if (!element_is(&element, "format", "raw") &&
			 !element_is(&element, "if", "virtio"))
			return parser_refuse_element(p, &element, "file=, format=raw, if=virtio "
						     "and readonly=on are");
	}
	if (!*file)
		return parser_refuse(p, "file= is missing");
	if (!readonly)
		return parser_refuse(p, "guests share the files in /guest/, so readonly=on is "
				     "needed");
	return true;
}

static bool take_display(struct parser *p, const char *value)
{
	return !strcmp(value, "none") || parser_refuse(p, "a guest has no display but none");
}

/*
 * A row without a @sentence is another name of the option before it. The
 * @offset is that of the member of the options which take_text() and set()
 * change.
 */
static const struct row {
	const char *name;
	const char *argument;	/* NULL: none; all values for take_known() */
	const char *sentence;
	bool (*take)(struct parser *p, const char *argument);
	size_t offset;
} rows[] = {
#define AT(member)	.offset = offsetof(struct options, member)
	{ "M", "s390-ccw-virtio[,accel=kvm]|none", "the machine; none: only monitors", .take = machine_take },
	{ "machine", "...", NULL, .take = machine_take },
	{ "accel", "kvm", "always", .take = machine_take_accel },
	{ "enable-kvm", NULL, "always", .take = take_always },
	{ "cpu", "host[,ap=on][,apqci=on][,apft=on]", "always", .take = machine_take_cpu },
	{ "m", "MiB|SIZE{M|G}", "storage (default 512)", .take = machine_take_memory },
	{ "smp", "N", "CPUs (default 1)", .take = machine_take_smp },
	{ "kernel", "/guest/FILE", "what the guest boots", .take = take_text, AT(kernel) },
	{ "initrd", "/guest/FILE", "its initial RAM disk", .take = take_text, AT(initrd) },
	{ "append", "TEXT", "its kernel's command line", .take = take_text, AT(append) },
	{ "drive", "file=/guest/FILE,format=raw,if=virtio,readonly=on", "a disk", .take = take_drive },
	{ "device", "vfio-ap,sysfsdev=/sys/devices/vfio_ap/matrix/UUID[,id=ID]", "its queues",
	  .take = part_take_device },
	{ "object", "JSON", "memory, randomness; and of a device of JSON, what it is",
	  .take = part_take_object },
	{ "blockdev", "JSON", "a file in /guest/, read-only", .take = part_take_blockdev },
	{ "name", "NAME", "the guest's name", .take = take_name },
	{ "uuid", "UUID", "its UUID", .take = take_uuid },
	{ "nographic", NULL, "always; the console is stdin and stdout", .take = set, AT(is_nographic) },
	{ "display", "none", "always", .take = take_display },
	{ "serial", "stdio|pty|none|chardev:ID", "where the console is", .take = chardev_take_serial },
	{ "chardev", "socket|pty|stdio|null,id=ID[,fd=N|path=PATH,server=on,wait=off]",
	  "a place for a console or a monitor", .take = chardev_take },
	{ "mon", "chardev=ID[,mode=control|readline]", "a monitor there, for programs or people",
	  .take = chardev_take_mon },
	{ "monitor", "stdio|none|unix:PATH,server=on,wait=off", "where people give commands",
	  .take = chardev_take_monitor },
	{ "qmp", "stdio|none|unix:PATH,server=on,wait=off", "where programs do", .take = chardev_take_qmp },
	{ "no-reboot", NULL, "a guest that reboots ends", .take = set, AT(ends_at_reboot) },
	{ "no-shutdown", NULL, "a guest that powers down waits for its monitor", set,
	  AT(stays_after_shutdown) },
	{ "S", NULL, "the guest waits for its monitor to begin", .take = set, AT(is_paused) },
	{ "sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
	  "always", .take = take_known },
	{ "msg", "timestamp=on,timestamp=off", "without effect", .take = take_known },
	{ "overcommit", "mem-lock=off,mem-lock=on,cpu-pm=off", "without effect", .take = take_known },
	{ "rtc", "base=utc", "always", .take = take_known },
	{ "boot", "strict=on,menu=off", "always", .take = take_known },
	{ "audiodev", "JSON", "none", .take = part_take_audiodev },
	{ "no-user-config", NULL, "always", .take = take_always },
	{ "nodefaults", NULL, "always", .take = take_always },
	{ "daemonize", NULL, "go on in the background once the guest is started", .take = set, AT(daemonizes) },
	{ "pidfile", "FILE", "write there the number of the process", .take = take_text, AT(pidfile) },
	{ "version", NULL, "say the version", .take = set, AT(version) },
	{ "help", NULL, "say this", .take = set, AT(help) },
	{ "h", NULL, NULL, .take = set, AT(help) },
#undef AT
};

void command_line_print_help(FILE *file)
{
	fputs("usage: qemu-system-s390x OPTION...\n\n", file);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *argument = rows[i].argument;

		if (rows[i].sentence)
			fprintf(file, "  -%s%s%s\n\t%s\n", rows[i].name, argument ? " " : "",
				argument ? argument : "", rows[i].sentence);
	}
	fputs("\nThe guest runs beside the LPAR and sees the files in /guest/ only.\n"
	      "C-a x ends it, C-a C-a types C-a. Exit status: the guest's, 1 for an error.\n", file);
}

static const struct row *find(const char *option)
{
	if (*option != '-')
		return NULL;
	option += option[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(rows[i].name, option))
			return &rows[i];
	}
	return NULL;
}

/* Take an option and its argument from *@args, a NULL-terminated list. */
static bool take_option(struct parser *p, char ***args)
{
	const struct row *row;

	p->option = *(*args)++;
	p->argument = NULL;
	row = find(p->option);
	if (!row)
		return parser_refuse(p, "no such option here; -help lists what is offered");
	p->known = row->argument;
	p->slot = (char *)p->options + row->offset;
	if (!row->argument)
		return row->take(p, NULL);
	if (!**args)
		return parser_refuse(p, "requires an argument");
	p->argument = *(*args)++;
	if (strlen(p->argument) >= PATH_MAX)
		return parser_refuse(p, "the argument is too long");
	return row->take(p, p->argument);
}

static bool is_stdio(const char *port)
{
	return port && !strcmp(port, "stdio");
}

/*
 * A monitor on stdin and stdout takes these from a console that was not
 * requested.
 */
static bool check_stdio(struct parser *p)
{
	struct options *o = p->options;
	int monitors = is_stdio(o->monitor) + is_stdio(o->qmp);

	if (monitors && !o->is_nographic && !o->console_is_said)
		o->console = "none";
	if (monitors + is_stdio(o->console) <= 1)
		return true;
	p->option = "-monitor, -qmp, -nographic and -serial";
	return parser_refuse(p, "stdio is one of them only; with a monitor there, give -serial "
			     "none");
}

static bool check_whole(struct parser *p)
{
	struct options *o = p->options;

	if (!o->has_guest || (o->daemonizes && is_stdio(o->console)))
		o->console = "none";
	p->argument = NULL;
	p->option = "-kernel";
	if (o->has_guest && !o->kernel)
		return parser_refuse(p, "is missing; give the guest's kernel, a file in /guest/");
	p->option = "-S";
	if (o->has_guest && o->is_paused && !o->qmp && !o->monitor)
		return parser_refuse(p, "without -qmp or -monitor, nobody can let the guest begin");
	p->option = "-daemonize";
	if (o->daemonizes && (is_stdio(o->monitor) || is_stdio(o->qmp)))
		return parser_refuse(p, "in the background, no monitor is on stdio");
	p->option = "-device";
	if (!o->has_guest && o->has_device)
		return parser_refuse(p, "the machine none has no devices");
	return check_stdio(p);
}

bool command_line_read(struct options *options, int argc, char *argv[], char *reason, size_t size)
{
	struct parser p = { .options = options, .reason = reason, .size = size };
	char **args = argv + (argc > 0);

	memset(options, 0, sizeof(*options));
	options->memory = 512;
	options->cpus = 1;
	options->console = "stdio";
	options->has_guest = true;
	while (*args) {
		if (!take_option(&p, &args))
			return false;
	}
	return options->help || options->version || check_whole(&p);
}
