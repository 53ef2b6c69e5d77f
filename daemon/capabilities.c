// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "abi/link.h"
#include "capabilities.h"
#include "control_command.h"

static void add(json_object *array, const char *word)
{
	json_object_array_add(array, json_object_new_string(word));
}

static json_object *adapters(void)
{
	json_object *array = json_object_new_array();
	char type[CEX_TYPE_SIZE];

	for (size_t i = 0; cex_nth_type(i, type); i++)
		add(array, type);
	return array;
}

static json_object *commands(void)
{
	json_object *array = json_object_new_array();
	const char *name;

	for (size_t i = 0; (name = control_command_name(i)); i++)
		add(array, name);
	return array;
}

static json_object *names(const struct argp_option *options)
{
	json_object *array = json_object_new_array();

	for (; options->name; options++)
		add(array, options->name);
	return array;
}

int capabilities_print(const char *version, const struct argp_option *options)
{
	json_object *all = json_object_new_object();

	json_object_object_add(all, "version", json_object_new_string(version));
	json_object_object_add(all, "link", json_object_new_int(LINK_VERSION));
	json_object_object_add(all, "adapters", adapters());
	json_object_object_add(all, "options", names(options));
	json_object_object_add(all, "commands", commands());
	puts(json_object_to_json_string_ext(all, JSON_C_TO_STRING_PRETTY));
	json_object_put(all);
	return fflush(stdout) ? -errno : 0;
}
