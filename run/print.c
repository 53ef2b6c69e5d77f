// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cex/cex.h"
#include "machine.h"
#include "place.h"
#include "status.h"

/*
 * Convert a line of a machine file to options of the plugin, whose numbers are
 * in C's notation.
 */
static void add_line(GString *plugin, char **words)
{
	if (!strcmp(words[0], "adapter")) {
		g_string_append_printf(plugin, ",card=0x%s:%s", words[1], words[2]);
	} else if (!strcmp(words[0], "domain")) {
		for (char **word = words + 1; *word; word++)
			g_string_append_printf(plugin, ",domain=0x%s", *word);
	} else if (!strcmp(words[0], "interrupts")) {
		g_string_append_printf(plugin, ",interrupts=%s", words[1]);
	}
}

bool print_qemu_args(const struct options *options)
{
	g_autofree char *path = place_find("swcex.so"), *text = NULL;
	g_autoptr(GString) plugin = g_string_new(path);
	g_auto(GStrv) lines = NULL;

	if (options->machine || options->state || options->faults->len)
		return complain("--machine, --state and --fault are for a daemon, see swcexd(8); QEMU alone has --adapter, --domain and --no-interrupts");
	text = path ? machine_text(options) : NULL;
	if (!text)
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", -1);

		if (words[0])
			add_line(plugin, words);
	}
	printf("-accel\ntcg\n-plugin\n%s\n", plugin->str);
	return true;
}

static json_object *adapters(void)
{
	json_object *array = json_object_new_array();
	char type[CEX_TYPE_SIZE];

	for (size_t i = 0; cex_nth_type(i, type); i++)
		json_object_array_add(array, json_object_new_string(type));
	return array;
}

void print_capabilities(void)
{
	json_object *all = json_object_new_object();

	json_object_object_add(all, "version", json_object_new_string(VERSION));
	json_object_object_add(all, "adapters", adapters());
	json_object_object_add(all, "kernels", options_values("kernel"));
	json_object_object_add(all, "options", options_names());
	printf("%s\n", json_object_to_json_string_ext(all, JSON_C_TO_STRING_PRETTY));
	json_object_put(all);
}
