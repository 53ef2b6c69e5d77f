// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/number.h"
#include "options.h"

/* What is being read; @option is as it was given, for the sentence; NULL: there is none. */
struct parser {
	struct options *options;
	const char *option, *argument;
	char *reason;
	size_t size;
	bool is_nographic, is_stopped, console_is_said;
};

static bool __attribute__((format(printf, 2, 3)))
refuse(struct parser *p, const char *format, ...)
{
	int length = snprintf(p->reason, p->size, "%s%s%s: ", p->option ? p->option : "",
			      p->option && p->argument ? " " : "",
			      p->argument ? p->argument : "");
	va_list args;

	if (length < 0 || (size_t)length >= p->size)
		return false;
	va_start(args, format);
	vsnprintf(p->reason + length, p->size - length, format, args);
	va_end(args);
	return false;
}

/* One element of a list "name=value,..." in which ",," stands for a comma. */
struct element {
	char text[PATH_MAX];
	const char *name, *value;	/* value: NULL without '=' */
};

/* Take an element off *@list. Returns false at the end of the list. */
static bool take_element(const char **list, struct element *element)
{
	size_t length = 0;
	const char *c;
	char *sign;

	if (!*list)
		return false;
	for (c = *list; *c && (*c != ',' || c[1] == ','); c++) {
		if (*c == ',')
			c++;
		if (length < sizeof(element->text) - 1)
			element->text[length++] = *c;
	}
	*list = *c ? c + 1 : NULL;
	element->text[length] = '\0';
	element->name = element->text;
	sign = strchr(element->text, '=');
	if (sign)
		*sign = '\0';
	element->value = sign ? sign + 1 : NULL;
	return true;
}

static bool is(const struct element *element, const char *name, const char *value)
{
	return !strcmp(element->name, name) && element->value && !strcmp(element->value, value);
}

static bool refuse_element(struct parser *p, const struct element *element, const char *offered)
{
	return refuse(p, "'%.200s%s%.200s' is not offered; %s", element->name,
		      element->value ? "=" : "", element->value ? element->value : "", offered);
}

static bool parse_machine(struct parser *p, const char *list)
{
	static const char machine[] = "s390-ccw-virtio";
	struct element element;

	take_element(&list, &element);
	p->options->has_guest = strcmp(element.name, "none");
	/* There are versions of it, as s390-ccw-virtio-7.2. */
	if (element.value || (p->options->has_guest && strncmp(element.name, machine, strlen(machine))))
		return refuse_element(p, &element, "the machine is s390-ccw-virtio");
	while (take_element(&list, &element)) {
		if (!is(&element, "accel", "kvm") && !is(&element, "accel", "kvm:tcg"))
			return refuse_element(p, &element, "accel=kvm is");
	}
	return true;
}

static bool parse_accel(struct parser *p, const char *list)
{
	struct element element;

	take_element(&list, &element);
	if (list || strcmp(element.name, "kvm") || element.value)
		return refuse_element(p, &element, "guests run under kvm");
	return true;
}

static bool parse_cpu(struct parser *p, const char *list)
{
	static const char *const features[] = { "ap", "apqci", "apft" };
	struct element element;
	bool known;

	take_element(&list, &element);
	if (element.value || strcmp(element.name, "host"))
		return refuse_element(p, &element, "the CPU model is host");
	while (take_element(&list, &element)) {
		known = false;
		for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
			known |= is(&element, features[i], "on");
		if (!known)
			return refuse_element(p, &element, "ap=on, apqci=on and apft=on are");
	}
	return true;
}

static bool parse_memory(struct parser *p, const char *list)
{
	const char *text;
	struct element element;
	uint64_t size;

	take_element(&list, &element);
	text = element.value ? element.value : element.name;
	if (list || (element.value && strcmp(element.name, "size")) ||
	    !number_take(&text, 10, 1 << 20, &size))
		return refuse(p, "give the size in MiB, or with M or G, as in -m 512 or -m 1G");
	if (toupper((unsigned char)*text) == 'G')
		size *= 1024;
	else if (*text && toupper((unsigned char)*text) != 'M')
		return refuse(p, "'%s' is not a unit that is offered; use M or G", text);
	if (*text && text[1])
		return refuse(p, "'%s' follows the size", text + 1);
	p->options->memory = size;
	return true;
}

static bool parse_smp(struct parser *p, const char *list)
{
	const char *text;
	struct element element;

	take_element(&list, &element);
	text = element.value ? element.value : element.name;
	if (list || (element.value && strcmp(element.name, "cpus")) ||
	    !number_take(&text, 10, UINT64_MAX, &p->options->cpus) || *text)
		return refuse(p, "give the number of CPUs, as in -smp 2");
	return true;
}

static bool parse_kernel(struct parser *p, const char *value)
{
	p->options->kernel = value;
	return true;
}

static bool parse_initrd(struct parser *p, const char *value)
{
	p->options->initrd = value;
	return true;
}

static bool parse_append(struct parser *p, const char *value)
{
	p->options->append = value;
	return true;
}

static bool parse_name(struct parser *p, const char *list)
{
	struct element element;
	const char *name;

	take_element(&list, &element);
	name = element.value ? element.value : element.name;
	if (list || (element.value && strcmp(element.name, "guest")))
		return refuse(p, "give a name only, as in -name guest1");
	if (!*name || strlen(name) >= sizeof(p->options->name))
		return refuse(p, "the name is empty or too long; use at most %d characters",
			      OPTIONS_NAME_MAX);
	strcpy(p->options->name, name);
	return true;
}

static bool parse_drive(struct parser *p, const char *list)
{
	struct options *o = p->options;
	struct element element;
	bool readonly = false;
	char *file;

	if (o->drives == OPTIONS_DRIVES)
		return refuse(p, "a guest has at most %d drives", OPTIONS_DRIVES);
	file = o->drive[o->drives++];
	while (take_element(&list, &element)) {
		if (!strcmp(element.name, "file") && element.value)
			strcpy(file, element.value);
		else if (is(&element, "readonly", "on") || is(&element, "read-only", "on"))
			readonly = true;
		else if (!is(&element, "format", "raw") && !is(&element, "if", "virtio"))
			return refuse_element(p, &element,
					      "file=, format=raw, if=virtio and readonly=on are");
	}
	if (!*file)
		return refuse(p, "file= is missing");
	if (!readonly)
		return refuse(p, "guests share the files in /guest/, so readonly=on is needed");
	return true;
}

/* As QEMU has them: a letter, then letters, digits, '-', '.' and '_'. */
static bool take_id(struct parser *p, struct device *device, const char *id)
{
	if (!isalpha((unsigned char)*id) || strlen(id) > OPTIONS_ID_MAX ||
	    id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "abcdefghijklmnopqrstuvwxyz0123456789-._")])
		return refuse(p, "an id is a letter and up to %d letters, digits, '-', '.' and '_'",
			      OPTIONS_ID_MAX - 1);
	strcpy(device->id, id);
	return true;
}

static bool take_device(struct parser *p, struct device *device, const char *list)
{
	struct element element;

	memset(device, 0, sizeof(*device));
	strcpy(device->text, list);
	take_element(&list, &element);
	if (element.value || strcmp(element.name, "vfio-ap"))
		return refuse_element(p, &element, "vfio-ap is the device for a guest");
	while (take_element(&list, &element)) {
		if (!strcmp(element.name, "sysfsdev") && element.value)
			strcpy(device->sysfsdev, element.value);
		else if (strcmp(element.name, "id") || !element.value)
			return refuse_element(p, &element, "sysfsdev= and id= are");
		else if (!take_id(p, device, element.value))
			return false;
	}
	if (!*device->sysfsdev)
		return refuse(p, "sysfsdev= is missing; give the mediated device, as in "
			      "sysfsdev=/sys/devices/vfio_ap/matrix/UUID");
	return true;
}

static bool parse_device(struct parser *p, const char *list)
{
	struct options *o = p->options;

	if (o->has_device)
		return refuse(p, "a guest has at most one vfio-ap device; assign more queues "
			      "to the mediated device instead");
	o->has_device = true;
	return take_device(p, &o->device, list);
}

static bool parse_display(struct parser *p, const char *value)
{
	return !strcmp(value, "none") || refuse(p, "a guest has no display but none");
}

static bool take_port(struct parser *p, const char *list, const char **port)
{
	static const char socket[] = "unix:";
	bool is_server = false, waits = true;
	struct element element;
	const char *rest = list;

	*port = list;
	if (!strcmp(list, "stdio"))
		return true;
	if (!strcmp(list, "none") || !strcmp(list, "null")) {
		*port = NULL;
		return true;
	}
	if (strncmp(list, socket, strlen(socket)) || list[strlen(socket)] != '/')
		return refuse(p, "stdio, none and unix:/PATH,server=on,wait=off are offered");
	take_element(&rest, &element);
	while (take_element(&rest, &element)) {
		if (is(&element, "server", "on") || !strcmp(element.name, "server"))
			is_server = true;
		else if (is(&element, "wait", "off") || !strcmp(element.name, "nowait"))
			waits = false;
		else
			return refuse_element(p, &element, "server=on and wait=off are");
	}
	if (!is_server || waits)
		return refuse(p, "server=on,wait=off is needed");
	return true;
}

static bool parse_monitor(struct parser *p, const char *list)
{
	return take_port(p, list, &p->options->monitor);
}

static bool parse_qmp(struct parser *p, const char *list)
{
	return take_port(p, list, &p->options->qmp);
}

static bool parse_serial(struct parser *p, const char *value)
{
	p->console_is_said = true;
	p->options->has_console = !strcmp(value, "stdio");
	return p->options->has_console || !strcmp(value, "none") || !strcmp(value, "null") ||
	       refuse(p, "stdio and none are offered");
}

/* As with QEMU, the console is then on stdin and stdout. */
static bool parse_nographic(struct parser *p, const char *list)
{
	(void)list;
	p->is_nographic = true;
	return true;
}

static bool parse_no_reboot(struct parser *p, const char *list)
{
	(void)list;
	p->options->ends_at_reboot = true;
	return true;
}

static bool parse_stopped(struct parser *p, const char *list)
{
	(void)list;
	p->is_stopped = true;
	return true;
}

static bool parse_daemonize(struct parser *p, const char *list)
{
	(void)list;
	p->options->daemonizes = true;
	return true;
}

static bool parse_pidfile(struct parser *p, const char *path)
{
	p->options->pidfile = path;
	return true;
}

static bool parse_always(struct parser *p, const char *list)
{
	(void)p;
	(void)list;
	return true;
}

static bool parse_help(struct parser *p, const char *list)
{
	(void)list;
	p->options->help = true;
	return true;
}

static bool parse_version(struct parser *p, const char *list)
{
	(void)list;
	p->options->version = true;
	return true;
}

/* Without a @sentence, it is another name of the option before it. */
static const struct row {
	const char *name;
	const char *argument;	/* NULL: it takes none */
	const char *sentence;
	bool (*parse)(struct parser *p, const char *argument);
} rows[] = {
	{ "M", "s390-ccw-virtio[,accel=kvm]|none", "the machine; none: only monitors", parse_machine },
	{ "machine", "...", NULL, parse_machine },
	{ "accel", "kvm", "always", parse_accel },
	{ "enable-kvm", NULL, "always", parse_always },
	{ "cpu", "host[,ap=on][,apqci=on][,apft=on]", "always", parse_cpu },
	{ "m", "MiB|SIZE{M|G}", "storage (default 512)", parse_memory },
	{ "smp", "N", "CPUs (default 1)", parse_smp },
	{ "kernel", "/guest/FILE", "what the guest boots", parse_kernel },
	{ "initrd", "/guest/FILE", "its initial RAM disk", parse_initrd },
	{ "append", "TEXT", "its kernel's command line", parse_append },
	{ "drive", "file=/guest/FILE,format=raw,if=virtio,readonly=on", "a disk", parse_drive },
	{ "device", "vfio-ap,sysfsdev=/sys/devices/vfio_ap/matrix/UUID[,id=ID]", "its queues",
	  parse_device },
	{ "name", "NAME", "the guest's name", parse_name },
	{ "nographic", NULL, "always; the console is stdin and stdout", parse_nographic },
	{ "display", "none", "always", parse_display },
	{ "serial", "stdio|none", "where the console is", parse_serial },
	{ "monitor", "stdio|none|unix:PATH,server=on,wait=off", "where people give commands",
	  parse_monitor },
	{ "qmp", "stdio|none|unix:PATH,server=on,wait=off", "where programs do", parse_qmp },
	{ "no-reboot", NULL, "a guest that reboots ends", parse_no_reboot },
	{ "S", NULL, "for the machine none", parse_stopped },
	{ "no-user-config", NULL, "always", parse_always },
	{ "nodefaults", NULL, "always", parse_always },
	{ "daemonize", NULL, "go on in the background once the guest is started", parse_daemonize },
	{ "pidfile", "FILE", "write there the number of the process", parse_pidfile },
	{ "version", NULL, "say the version", parse_version },
	{ "help", NULL, "say this", parse_help },
	{ "h", NULL, NULL, parse_help },
};

void options_print(FILE *file)
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

/* Take an option and its argument off *@args, a NULL-ended list. */
static bool parse_option(struct parser *p, char ***args)
{
	const struct row *row;

	p->option = *(*args)++;
	p->argument = NULL;
	row = find(p->option);
	if (!row)
		return refuse(p, "no such option here; -help lists what is offered");
	if (!row->argument)
		return row->parse(p, NULL);
	if (!**args)
		return refuse(p, "requires an argument");
	p->argument = *(*args)++;
	if (strlen(p->argument) >= PATH_MAX)
		return refuse(p, "the argument is too long");
	return row->parse(p, p->argument);
}

static bool is_stdio(const char *port)
{
	return port && !strcmp(port, "stdio");
}

/* A monitor on stdin and stdout takes them from a console that nobody asked for. */
static bool check_stdio(struct parser *p)
{
	struct options *o = p->options;
	int monitors = is_stdio(o->monitor) + is_stdio(o->qmp);

	if (monitors && !p->is_nographic && !p->console_is_said)
		o->has_console = false;
	if (monitors + o->has_console <= 1)
		return true;
	p->option = "-monitor, -qmp, -nographic and -serial";
	return refuse(p, "stdio is one of them only; with a monitor there, give -serial none");
}

static bool check_whole(struct parser *p)
{
	struct options *o = p->options;

	if (!o->has_guest || o->daemonizes)
		o->has_console = false;
	p->argument = NULL;
	p->option = "-kernel";
	if (o->has_guest && !o->kernel)
		return refuse(p, "is missing; give the guest's kernel, a file in /guest/");
	p->option = "-S";
	if (o->has_guest && p->is_stopped)
		return refuse(p, "a guest runs at once; pause it by its monitor");
	p->option = "-daemonize";
	if (o->daemonizes && (is_stdio(o->monitor) || is_stdio(o->qmp)))
		return refuse(p, "in the background, no monitor is on stdio");
	p->option = "-device";
	if (!o->has_guest && o->has_device)
		return refuse(p, "the machine none has no devices");
	return check_stdio(p);
}

bool options_parse(struct options *options, int argc, char *argv[], char *reason, size_t size)
{
	struct parser p = { .options = options, .reason = reason, .size = size };
	char **args = argv + (argc > 0);

	memset(options, 0, sizeof(*options));
	options->memory = 512;
	options->cpus = 1;
	options->has_console = true;
	options->has_guest = true;
	while (*args) {
		if (!parse_option(&p, &args))
			return false;
	}
	return options->help || options->version || check_whole(&p);
}

bool options_parse_device(struct device *device, const char *list, char *reason, size_t size)
{
	struct parser p = { .argument = list, .reason = reason, .size = size };

	if (strlen(list) >= PATH_MAX)
		return refuse(&p, "the description is too long");
	return take_device(&p, device, list);
}
