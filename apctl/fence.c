// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "fence.h"
#include "file.h"

/*
 * The file is an object with a member for each queue, whose members are
 *	device, name	the device that had it last
 *	seen		the first master keys that the host saw afterwards
 *	changed		whether they differed later, or there were none
 *	last		the last master keys that the host saw
 */
struct fence {
	const char *root;
	struct json_object *json;
	bool changed;			/* since it was read */
};

struct fence *fence_load(const char *root)
{
	g_autofree char *text = file_read(root, FENCE);
	struct fence *fence = g_new0(struct fence, 1);

	fence->root = root;
	fence->json = text ? json_tokener_parse(text) : NULL;
	if (!json_object_is_type(fence->json, json_type_object)) {
		json_object_put(fence->json);
		fence->json = json_object_new_object();
	}
	return fence;
}

void fence_free(struct fence *fence)
{
	json_object_put(fence->json);
	g_free(fence);
}

int fence_save(struct fence *fence, FILE *err)
{
	g_autofree char *text = NULL;
	int rc;

	if (!fence->changed)
		return 0;
	text = g_strconcat(json_object_to_json_string_ext(fence->json, JSON_C_TO_STRING_PRETTY),
			   "\n", NULL);
	rc = file_replace(fence->root, text, FENCE);
	fence->changed = rc;
	if (rc)
		fprintf(err, "apctl: " FENCE ": %s; what is known of master keys is not kept\n",
			strerror(-rc));
	return rc;
}

static struct json_object *find(const struct fence *fence, unsigned int apqn)
{
	char name[APQN_TEXT];

	apqn_text(apqn, name);
	return json_object_object_get(fence->json, name);
}

static struct json_object *find_or_add(struct fence *fence, unsigned int apqn)
{
	struct json_object *record = find(fence, apqn);
	char name[APQN_TEXT];

	if (record)
		return record;
	apqn_text(apqn, name);
	record = json_object_new_object();
	json_object_object_add(fence->json, name, record);
	return record;
}

static const char *text_of(struct json_object *record, const char *key)
{
	return json_object_get_string(json_object_object_get(record, key));
}

/* @key is a literal. */
static void put(struct fence *fence, struct json_object *record, const char *key, const char *text)
{
	if (!g_strcmp0(text_of(record, key), text))
		return;
	json_object_object_add_ex(record, key, text ? json_object_new_string(text) : NULL,
				  JSON_C_OBJECT_ADD_CONSTANT_KEY);
	fence->changed = true;
}

static void compare_with_seen(struct fence *fence, struct json_object *record, const char *keys)
{
	const char *seen = text_of(record, "seen");

	if (*keys && (!seen || !strcmp(seen, keys)))
		return put(fence, record, "seen", keys);
	json_object_object_add(record, "changed", json_object_new_boolean(true));
	fence->changed = true;
}

char *fence_record(struct fence *fence, const struct machine *machine, unsigned int apqn)
{
	g_autofree char *text = NULL;
	g_autofree char *last = NULL;
	struct json_object *record;
	struct keys keys;

	if (!keys_are_readable(machine, apqn) || keys_read(machine->root, apqn, &keys))
		return NULL;
	text = keys_text(&keys);
	record = find_or_add(fence, apqn);
	last = g_strdup(text_of(record, "last"));
	put(fence, record, "last", text);
	if (text_of(record, "device"))
		compare_with_seen(fence, record, text);
	return last && strcmp(last, text) ? g_steal_pointer(&last) : NULL;
}

static bool has_keys(const struct machine *machine, unsigned int apqn)
{
	return machine->queue[apqn].driver != DRIVER_ABSENT &&
	       adapter_has_keys(&machine->adapter[APQN_ADAPTER(apqn)]);
}

void fence_given(struct fence *fence, const struct machine *machine, const char *uuid,
		 const char *name, const struct matrix *matrix)
{
	unsigned int apqn;

	matrix_for_each(apqn, matrix) {
		struct json_object *record;

		if (!has_keys(machine, apqn))
			continue;
		record = find_or_add(fence, apqn);
		if (g_strcmp0(text_of(record, "device"), uuid)) {
			json_object_object_del(record, "seen");
			json_object_object_del(record, "changed");
		}
		put(fence, record, "device", uuid);
		put(fence, record, "name", name);
	}
}

/*
 * Return what is known about the keys, as the end of a sentence. The caller
 * frees it.
 */
static char *evidence(struct json_object *record)
{
	const char *seen = text_of(record, "seen");

	if (seen)
		return g_strdup_printf("and the host saw the same master keys since (%s)", seen);
	return g_strdup("and nobody has looked at its master keys since");
}

unsigned int fence_check(const struct fence *fence, const struct machine *machine,
			 const char *uuid, const char *name, const struct matrix *matrix,
			 FILE *err)
{
	unsigned int apqn, count = 0;
	char text[APQN_TEXT];

	matrix_for_each(apqn, matrix) {
		struct json_object *record = find(fence, apqn);
		const char *before = text_of(record, "device");
		g_autofree char *known = NULL;

		if (!before || !strcmp(before, uuid) || !has_keys(machine, apqn) ||
		    json_object_get_boolean(json_object_object_get(record, "changed")))
			continue;
		apqn_text(apqn, text);
		known = evidence(record);
		fprintf(err, "apctl: %s: %s gets the domain that %s had, %s\n", text, name,
			text_of(record, "name") ?: before, known);
		count++;
	}
	if (count)
		fputs("change the master keys while the host has the queues: `apctl release`, the key management console, `apctl reserve`, which look at them\n",
		      err);
	return count;
}

unsigned int fence_adopt(struct fence *fence, const struct machine *machine, FILE *err)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);

		if (device->staged)
			continue;
		count += fence_check(fence, machine, device->uuid, device->name,
				     &device->assigned, err);
		fence_given(fence, machine, device->uuid, device->name, &device->assigned);
	}
	return count;
}
