// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "bytes/number.h"
#include "document.h"
#include "file.h"
#include "mistakes.h"
#include "names.h"
#include "wish.h"

struct reading {
	const struct machine *machine;
	struct wish *wish;
	struct mistakes mistakes;
};

static void free_device(gpointer data)
{
	struct wished_device *device = data;

	g_free(device->name);
	g_free(device->uuid);
	g_free(device);
}

void wish_free(struct wish *wish)
{
	if (!wish)
		return;
	g_ptr_array_unref(wish->devices);
	g_free(wish);
}

static int check_keys(struct reading *reading, const struct document *table,
		      const char *const *keys, const char *where)
{
	for (unsigned int i = 0; i < table->children->len; i++) {
		const struct document *child = g_ptr_array_index(table->children, i);
		g_autofree char *all = g_strjoinv(", ", (char **)keys);

		if (!g_strv_contains(keys, child->key))
			mistake(&reading->mistakes, child->line, "%s has no %s; it has %s", where, child->key, all);
	}
	return reading->mistakes.found ? -EINVAL : 0;
}

/* Read a number, a list such as "5-6,0xab", or an array of these. */
static void take_ids(struct reading *reading, const struct document *value, const char *noun,
		     struct ap_mask *ids)
{
	struct ap_mask some;
	char *text = NULL;
	size_t size;
	FILE *why;

	if (value->kind == DOCUMENT_ARRAY) {
		for (unsigned int i = 0; i < value->children->len; i++)
			take_ids(reading, g_ptr_array_index(value->children, i), noun, ids);
	} else if (value->kind == DOCUMENT_INTEGER) {
		if (value->integer < 0 || value->integer >= AP_IDS)
			mistake(&reading->mistakes, value->line, "%lld is not among the numbers of %s, which are 0 to 255",
				(long long)value->integer, noun);
		else
			mask_add(ids, value->integer);
	} else if (value->kind == DOCUMENT_STRING) {
		why = open_memstream(&text, &size);
		if (!*value->string || !strcmp(value->string, "none"))
			memset(&some, 0, sizeof(some));
		else if (ids_parse(value->string, noun, &some, why))
			mistake(&reading->mistakes, value->line, "\"%s\" is not a list of %s up to 255, such as 5-6,0xab",
				value->string, noun);
		fclose(why);
		free(text);
		if (!reading->mistakes.found)
			*ids = mask_or(ids, &some);
	} else {
		mistake(&reading->mistakes, value->line, "give a list of %s, as \"5-6,0xab\" or [5, 6]", noun);
	}
}

static void take_queues(struct reading *reading, const struct document *array)
{
	for (unsigned int i = 0; i < array->children->len; i++) {
		const struct document *item = g_ptr_array_index(array->children, i);
		uint16_t apqn;

		if (item->kind == DOCUMENT_STRING && apqn_parse(item->string, &apqn))
			reading->wish->share.reserved[apqn] = true;
		else
			mistake(&reading->mistakes, item->line, "give a queue, as in \"05.0004\"");
	}
	if (array->kind != DOCUMENT_ARRAY)
		mistake(&reading->mistakes, array->line, "give an array of queues, as in [\"05.0004\"]");
}

static void take_reserve(struct reading *reading, const struct document *table)
{
	static const char *const keys[] = { "adapters", "domains", "queues", NULL };
	const struct document *adapters = document_get(table, "adapters");
	const struct document *domains = document_get(table, "domains");
	const struct document *queues = document_get(table, "queues");
	struct share *share = &reading->wish->share;
	struct ap_mask reserved = { 0 }, all = mask_all();

	reading->wish->has_share = true;
	reading->wish->share_line = table->line;
	if (check_keys(reading, table, keys, "[reserve]"))
		return;
	memset(share, 0, sizeof(*share));
	share->by_override = queues;
	if (queues && (adapters || domains))
		mistake(&reading->mistakes, queues->line, "queues are reserved by overrides, adapters and domains by masks, and the kernel allows one at a time");
	if (queues && !reading->machine->overrides)
		mistake(&reading->mistakes, queues->line, "queues have no driver_override here; Linux has that from 6.19 on");
	if (queues)
		take_queues(reading, queues);
	if (adapters)
		take_ids(reading, adapters, "adapters", &reserved);
	share->apmask = mask_andnot(&all, &reserved);
	memset(&reserved, 0, sizeof(reserved));
	if (domains)
		take_ids(reading, domains, "domains", &reserved);
	share->aqmask = mask_andnot(&all, &reserved);
}

static void take_uuid(struct reading *reading, const struct document *value,
		      struct wished_device *device)
{
	if (value && (value->kind != DOCUMENT_STRING || !uuid_is_valid(value->string)))
		mistake(&reading->mistakes, value->line, "this is not a UUID");
	else if (value)
		device->uuid = g_strdup(value->string);
	else
		device->uuid = name_find(reading->machine->root, device->name) ?:
			       name_uuid(device->name);
}

static void take_device(struct reading *reading, const struct document *table)
{
	static const char *const keys[] = { "adapters", "domains", "control", "uuid", "start", NULL };
	const struct document *adapters = document_get(table, "adapters");
	const struct document *domains = document_get(table, "domains");
	const struct document *control = document_get(table, "control");
	const struct document *start = document_get(table, "start");
	g_autofree char *where = g_strdup_printf("[guest.%s]", table->key);
	struct wished_device *device = g_new0(struct wished_device, 1);

	g_ptr_array_add(reading->wish->devices, device);
	device->name = g_strdup(table->key);
	device->line = device->adapters_line = device->domains_line = table->line;
	device->start = !start || start->boolean;
	take_uuid(reading, document_get(table, "uuid"), device);
	if (!name_is_valid(table->key))
		mistake(&reading->mistakes, table->line, "\"%s\" is not a name: give a letter and up to 31 letters, digits, '-', '_' or '.'",
			table->key);
	if (check_keys(reading, table, keys, where))
		return;
	if (start && start->kind != DOCUMENT_BOOLEAN)
		mistake(&reading->mistakes, start->line, "start is true or false");
	if (adapters) {
		device->adapters_line = adapters->line;
		take_ids(reading, adapters, "adapters", &device->matrix.apm);
	}
	if (domains) {
		device->domains_line = domains->line;
		take_ids(reading, domains, "domains", &device->matrix.aqm);
	}
	if (control)
		take_ids(reading, control, "control domains", &device->matrix.adm);
}

static void take_all(struct reading *reading, const struct document *root)
{
	static const char *const keys[] = { "reserve", "guest", NULL };
	const struct document *reserve = document_get(root, "reserve");
	const struct document *guests = document_get(root, "guest");

	if (check_keys(reading, root, keys, "the file"))
		return;
	if (reserve && reserve->kind != DOCUMENT_TABLE)
		mistake(&reading->mistakes, reserve->line, "give a table [reserve]");
	else if (reserve)
		take_reserve(reading, reserve);
	for (unsigned int i = 0; guests && i < guests->children->len; i++) {
		const struct document *guest = g_ptr_array_index(guests->children, i);

		if (guest->kind == DOCUMENT_TABLE)
			take_device(reading, guest);
		else
			mistake(&reading->mistakes, guest->line, "give a table [guest.NAME]");
	}
}

struct wish *wish_read(const struct machine *machine, const char *file, FILE *err)
{
	g_autofree char *text = file_read("", "%s", file);
	struct reading reading = { .machine = machine, .mistakes = { .file = file, .err = err } };
	struct document *root;

	if (!text) {
		fprintf(err, "apctl: %s: %s\n", file, strerror(errno));
		return NULL;
	}
	root = document_parse(text, file, err);
	if (!root)
		return NULL;
	reading.wish = g_new0(struct wish, 1);
	reading.wish->file = file;
	reading.wish->devices = g_ptr_array_new_with_free_func(free_device);
	share_read(machine, &reading.wish->share);
	take_all(&reading, root);
	document_free(root);
	if (!reading.mistakes.found)
		return reading.wish;
	wish_free(reading.wish);
	return NULL;
}
