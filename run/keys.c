// SPDX-License-Identifier: GPL-2.0-only
#include "keys.h"

#include <glib.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "queues.h"
#include "status.h"
#include "swcex/ask.h"

/*
 * The keys of `same`. They are public, so that tests can contain the results
 * that they expect, such as verification patterns.
 */
static const char same[] =
	"asym 0123456789abcdef1032547698badcfe2301674589cdab98\n"
	"aes 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
	"apka 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
	"wk 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n";

static bool ask(const char *control, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool ask(const char *control, const char *format, ...)
{
	g_autofree char *line = NULL, *answer = NULL;
	va_list args;

	va_start(args, format);
	line = g_strdup_vprintf(format, args);
	va_end(args);
	answer = ask_daemon("swcex run: --master-keys", control, 1, &line);
	return answer;
}

/*
 * Make a key current. The former current key becomes the old one, which nothing
 * uses.
 */
static bool make_current(const char *control, const char *queue, const char *kind, const char *key)
{
	return ask(control, "master-key load %s %s %s", queue, kind, key) &&
	       ask(control, "master-key set %s %s", queue, kind) &&
	       (!strcmp(kind, "wk") || ask(control, "master-key clear %s %s old", queue, kind));
}

/* Return whether coprocessors of @type have keys of this kind. */
static bool has(const char *type, const char *kind)
{
	char mode = *type ? type[strlen(type) - 1] : '\0';

	return mode == (strcmp(kind, "wk") ? 'C' : 'P');
}

static bool load_line(const char *control, json_object *queues, char **words)
{
	for (size_t i = 0; i < json_object_array_length(queues); i++) {
		json_object *queue = json_object_array_get_idx(queues, i);
		const char *type = json_object_get_string(json_object_object_get(queue, "type"));
		const char *name = json_object_get_string(json_object_object_get(queue, "queue"));

		if (has(type, words[0]) && !make_current(control, name, words[0], words[1]))
			return false;
	}
	return true;
}

static bool load_all(const char *control, json_object *queues, const char *where, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (int i = 0; lines[i]; i++) {
		g_auto(GStrv) words = NULL;

		lines[i][strcspn(lines[i], "#")] = '\0';
		if (!*g_strstrip(lines[i]))
			continue;
		words = g_strsplit(lines[i], " ", 2);
		if (!words[1] || !g_strv_contains((const char *const[]){ "asym", "aes", "apka", "wk", NULL }, words[0]))
			return complain("--master-keys %s:%d: a line is asym, aes, apka or wk, and the key in hexadecimal", where, i + 1);
		if (!load_line(control, queues, words))
			return false;
	}
	return true;
}

bool keys_load(const char *control, const char *choice)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	json_object *queues;
	bool good;

	if (!choice || !strcmp(choice, "random"))
		return true;
	if (!strcmp(choice, "same"))
		text = g_strdup(same);
	else if (!g_file_get_contents(choice, &text, NULL, &error))
		return complain("--master-keys: %s; the choices are random, same and a file", error->message);
	queues = queues_ask(control);
	good = queues && load_all(control, queues, choice, text);
	json_object_put(queues);
	return good;
}
