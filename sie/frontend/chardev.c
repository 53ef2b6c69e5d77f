// SPDX-License-Identifier: GPL-2.0-only
#include "chardev.h"

#include <stdio.h>
#include <string.h>

#include "description.h"
#include "options.h"

static const struct chardev *find_chardev(struct parser *p, const char *id)
{
	for (unsigned int i = 0; i < p->options->chardevs; i++) {
		if (!strcmp(p->options->chardev[i].id, id))
			return &p->options->chardev[i];
	}
	parser_refuse(p, "no -chardev before it has the id '%.64s'", id);
	return NULL;
}

bool chardev_take_console(struct parser *p, const char *id)
{
	const struct chardev *chardev = find_chardev(p, id);

	if (!chardev)
		return false;
	if (strcmp(chardev->port, "pty") && strcmp(chardev->port, "stdio") &&
	    strcmp(chardev->port, "none"))
		return parser_refuse(p, "a console is at stdio or a pty");
	p->options->console_is_said = true;
	p->options->console = chardev->port;
	p->options->console_id = chardev->id;
	return true;
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
		return parser_refuse(p, "stdio, none and unix:/PATH,server=on,wait=off are offered");
	element_take(&rest, &element);
	while (element_take(&rest, &element)) {
		if (element_is(&element, "server", "on") || !strcmp(element.name, "server"))
			is_server = true;
		else if (element_is(&element, "wait", "off") || !strcmp(element.name, "nowait"))
			waits = false;
		else
			return parser_refuse_element(p, &element, "server=on and wait=off are");
	}
	if (!is_server || waits)
		return parser_refuse(p, "server=on,wait=off is needed");
	return true;
}

bool chardev_take_monitor(struct parser *p, const char *list)
{
	return take_port(p, list, &p->options->monitor);
}

bool chardev_take_qmp(struct parser *p, const char *list)
{
	return take_port(p, list, &p->options->qmp);
}

/* Take a listening socket: a descriptor, or a path. */
static bool take_socket(struct parser *p, const char *list, struct chardev *chardev)
{
	struct element element;
	bool is_server = false, waits = true;

	while (element_take(&list, &element)) {
		if (!strcmp(element.name, "fd") && element.value)
			snprintf(chardev->port, sizeof(chardev->port), "fd:%.16s", element.value);
		else if (!strcmp(element.name, "path") && element.value && *element.value == '/')
			snprintf(chardev->port, sizeof(chardev->port), "unix:%.256s", element.value);
		else if (element_is(&element, "server", "on"))
			is_server = true;
		else if (element_is(&element, "wait", "off"))
			waits = false;
		else if (strcmp(element.name, "id"))
			return parser_refuse_element(p, &element, "fd=, path=/PATH, server=on and "
						     "wait=off are");
	}
	if (!*chardev->port || !is_server || waits)
		return parser_refuse(p, "fd= or path=/PATH, and server=on,wait=off are needed");
	return true;
}

static bool take_simple(struct parser *p, const char *list, const char *kind,
			struct chardev *chardev)
{
	struct element element;

	if (strcmp(kind, "pty") && strcmp(kind, "stdio") && strcmp(kind, "null"))
		return parser_refuse(p, "socket, pty, stdio and null are offered");
	strcpy(chardev->port, strcmp(kind, "null") ? kind : "none");
	while (element_take(&list, &element)) {
		if (strcmp(element.name, "id") && !element_is(&element, "signal", "off") &&
		    !element_is(&element, "mux", "off"))
			return parser_refuse_element(p, &element, "id= is");
	}
	return true;
}

bool chardev_take(struct parser *p, const char *list)
{
	struct options *o = p->options;
	struct chardev *chardev = &o->chardev[o->chardevs];
	struct element kind;

	if (o->chardevs == OPTIONS_CHARDEVS)
		return parser_refuse(p, "a guest has at most %d of them", OPTIONS_CHARDEVS);
	if (!description_find(list, "id", chardev->id, sizeof(chardev->id)))
		return parser_refuse(p, "id= is missing");
	o->chardevs++;
	element_take(&list, &kind);
	if (!strcmp(kind.name, "socket"))
		return take_socket(p, list, chardev);
	return take_simple(p, list, kind.name, chardev);
}

/* Put a monitor at the chardev @id: @slot becomes its port. */
static bool put_monitor(struct parser *p, const char *id, const char **slot)
{
	const struct chardev *chardev = find_chardev(p, id);

	if (!chardev)
		return false;
	if (!strcmp(chardev->port, "pty"))
		return parser_refuse(p, "a monitor is at stdio or a socket");
	*slot = chardev->port;
	return true;
}

bool chardev_take_mon(struct parser *p, const char *list)
{
	char id[DEVICE_ID_MAX + 1], mode[16] = "readline";

	if (!description_find(list, "chardev", id, sizeof(id)))
		return parser_refuse(p, "chardev= is missing");
	description_find(list, "mode", mode, sizeof(mode));
	if (!strcmp(mode, "control"))
		return put_monitor(p, id, &p->options->qmp);
	if (!strcmp(mode, "readline"))
		return put_monitor(p, id, &p->options->monitor);
	return parser_refuse(p, "the modes are control and readline");
}

bool chardev_take_monitor_object(struct parser *p, const char *text)
{
	char id[DEVICE_ID_MAX + 1] = "";
	struct description d;
	struct element element;
	bool good = true;

	if (!description_open(&d, text))
		return parser_refuse(p, "this is no object of JSON");
	while (good && description_next(&d, &element)) {
		if (!strcmp(element.name, "chardev"))
			snprintf(id, sizeof(id), "%s", element.value ? element.value : "");
		else if (strcmp(element.name, "qom-type") && strcmp(element.name, "id"))
			good = parser_refuse_element(p, &element, "id and chardev are");
	}
	description_close(&d);
	if (!good)
		return false;
	return *id ? put_monitor(p, id, &p->options->qmp) :
		     parser_refuse(p, "the property chardev is missing");
}

bool chardev_take_serial(struct parser *p, const char *value)
{
	static const char chardev[] = "chardev:";

	if (!strncmp(value, chardev, strlen(chardev)))
		return chardev_take_console(p, value + strlen(chardev));
	p->options->console_is_said = true;
	p->options->console = strcmp(value, "null") ? value : "none";
	return !strcmp(value, "stdio") || !strcmp(value, "pty") || !strcmp(value, "none") ||
	       !strcmp(value, "null") || parser_refuse(p, "stdio, pty and none are offered");
}
