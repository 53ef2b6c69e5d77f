// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>

#include "definition.h"
#include "driver/parse.h"
#include "file.h"
#include "names.h"

#define CONTROLS	"control_usage_domains"

/*
 * The attributes that assign something, and the mask that each of them changes
 */
static const struct {
	const char *name;
	size_t mask;
} assignments[] = {
	{ "assign_adapter", offsetof(struct matrix, apm) },
	{ "assign_domain", offsetof(struct matrix, aqm) },
	{ "assign_control_domain", offsetof(struct matrix, adm) },
};

static struct ap_mask *mask_of(struct matrix *matrix, size_t index)
{
	return (struct ap_mask *)((char *)matrix + assignments[index].mask);
}

static void definition_free_void(gpointer data)
{
	definition_free(data);
}

void definition_free(struct definition *definition)
{
	if (!definition)
		return;
	g_free(definition->uuid);
	g_free(definition->name);
	g_free(definition);
}

/*
 * Apply an attribute to @matrix: "assign_adapter" and the like with a number,
 * such as "0x05", or a list of these, or "ap_config". Return false if the
 * attribute assigns nothing.
 */
static bool take_attribute(struct matrix *matrix, const char *name, const char *value)
{
	struct mask_edit edit;

	if (!strcmp(name, "ap_config"))
		return !vfio_ap_parse_config(value, matrix);
	for (size_t i = 0; i < G_N_ELEMENTS(assignments); i++) {
		if (strcmp(name, assignments[i].name))
			continue;
		if (!vfio_ap_parse_ids(value, AP_IDS - 1, true, &edit))
			*mask_of(matrix, i) = mask_or(mask_of(matrix, i), &edit.add);
		return true;
	}
	return false;
}

/* Call @take with each attribute of the array "attrs" of objects. */
static void each_attribute(struct json_object *array,
			   void (*take)(const char *name, const char *value, void *arg), void *arg)
{
	size_t count = json_object_is_type(array, json_type_array) ?
		       json_object_array_length(array) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(array, i);
		struct json_object_iterator at, end;

		if (!json_object_is_type(one, json_type_object))
			continue;
		at = json_object_iter_begin(one);
		end = json_object_iter_end(one);
		for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
			take(json_object_iter_peek_name(&at),
			     json_object_get_string(json_object_iter_peek_value(&at)) ?: "", arg);
	}
}

static void saw_attribute(const char *name, const char *value, void *arg)
{
	take_attribute(arg, name, value);
}

static struct json_object *read_json(const char *root, const char *uuid)
{
	g_autofree char *text = file_read(root, DEFINITIONS "/%s", uuid);
	struct json_object *json = text ? json_tokener_parse(text) : NULL;

	if (json && json_object_is_type(json, json_type_object))
		return json;
	json_object_put(json);
	return NULL;
}

static bool says(struct json_object *json, const char *key, const char *text)
{
	const char *value = json_object_get_string(json_object_object_get(json, key));

	return value && !strcmp(value, text);
}

struct definition *definition_read(const char *root, const char *uuid)
{
	struct json_object *json = read_json(root, uuid);
	struct definition *definition = NULL;

	if (says(json, "mdev_type", MDEV_TYPE_NAME)) {
		definition = g_new0(struct definition, 1);
		definition->uuid = g_strdup(uuid);
		definition->name = name_of(root, uuid);
		definition->autostart = says(json, "start", "auto");
		each_attribute(json_object_object_get(json, "attrs"), saw_attribute,
			       &definition->matrix);
	}
	json_object_put(json);
	return definition;
}

struct reading {
	const char *root;
	GPtrArray *definitions;
};

static void saw_file(const char *name, void *arg)
{
	struct reading *reading = arg;
	struct definition *definition;

	if (!uuid_is_valid(name))
		return;
	definition = definition_read(reading->root, name);
	if (definition)
		g_ptr_array_add(reading->definitions, definition);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	const struct definition *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

GPtrArray *definitions_read(const char *root)
{
	struct reading reading = {
		root, g_ptr_array_new_with_free_func(definition_free_void),
	};

	file_each(root, saw_file, &reading, DEFINITIONS);
	g_ptr_array_sort(reading.definitions, compare_names);
	return reading.definitions;
}

static void add_attribute(struct json_object *array, const char *name, const char *value)
{
	struct json_object *one = json_object_new_object();

	json_object_object_add(one, name, json_object_new_string(value));
	json_object_array_add(array, one);
}

/*
 * Add an attribute for each number, a form that the in-tree driver accepts,
 * too.
 */
static void add_assignments(struct json_object *array, const struct matrix *matrix)
{
	struct matrix copy = *matrix;
	unsigned int id;
	char text[8];

	for (size_t i = 0; i < G_N_ELEMENTS(assignments); i++)
		mask_for_each(id, mask_of(&copy, i)) {
			g_snprintf(text, sizeof(text), "0x%02x", id);
			add_attribute(array, assignments[i].name, text);
		}
}

struct others {
	void (*take)(const char *name, const char *value, void *arg);
	void *arg;
};

static void saw_one(const char *name, const char *value, void *arg)
{
	const struct others *others = arg;
	struct matrix unused = { 0 };

	if (!take_attribute(&unused, name, value))
		others->take(name, value, others->arg);
}

void definition_each_other(const char *root, const char *uuid,
			   void (*take)(const char *name, const char *value, void *arg), void *arg)
{
	struct json_object *json = read_json(root, uuid);
	struct others others = { take, arg };

	each_attribute(json_object_object_get(json, "attrs"), saw_one, &others);
	json_object_put(json);
}

struct parsing {
	struct wanted *wanted;
	FILE *err;
	int rc;
};

static void parse_attribute(const char *name, const char *value, void *arg)
{
	struct parsing *parsing = arg;

	if (take_attribute(&parsing->wanted->matrix, name, value))
		return;
	if (!strcmp(name, CONTROLS) && (!strcmp(value, "0") || !strcmp(value, "1"))) {
		parsing->wanted->controls_usage = *value == '1';
		return;
	}
	fprintf(parsing->err, "apctl: an active device cannot be given \"%s\" as its %s\n", value, name);
	parsing->rc = -EINVAL;
}

int definition_parse(const char *text, struct wanted *wanted, FILE *err)
{
	struct json_object *json = json_tokener_parse(text);
	struct parsing parsing = { wanted, err, -EINVAL };

	*wanted = (struct wanted){ 0 };
	if (json_object_is_type(json, json_type_object) && says(json, "mdev_type", MDEV_TYPE_NAME)) {
		parsing.rc = 0;
		each_attribute(json_object_object_get(json, "attrs"), parse_attribute, &parsing);
	} else {
		fputs("apctl: this is not the definition of a vfio_ap device\n", err);
	}
	json_object_put(json);
	return parsing.rc;
}

char *definition_attributes(const struct matrix *matrix, bool controls_usage)
{
	struct json_object *array = json_object_new_array();
	char *text;

	add_assignments(array, matrix);
	if (controls_usage)
		add_attribute(array, CONTROLS, "1");
	text = g_strdup(json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN));
	json_object_put(array);
	return text;
}

static void keep_attribute(const char *name, const char *value, void *arg)
{
	add_attribute(arg, name, value);
}

char *definition_text(const char *root, const struct definition *definition)
{
	struct json_object *json = read_json(root, definition->uuid) ?: json_object_new_object();
	struct json_object *attributes = json_object_new_array();
	char *text;

	add_assignments(attributes, &definition->matrix);
	definition_each_other(root, definition->uuid, keep_attribute, attributes);
	json_object_object_add(json, "mdev_type", json_object_new_string(MDEV_TYPE_NAME));
	json_object_object_add(json, "start",
			       json_object_new_string(definition->autostart ? "auto" : "manual"));
	json_object_object_add(json, "attrs", attributes);
	text = g_strconcat(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED), "\n", NULL);
	json_object_put(json);
	return text;
}

int definition_write(const char *root, const struct definition *definition)
{
	g_autofree char *text = definition_text(root, definition);

	return file_replace(root, text, DEFINITIONS "/%s", definition->uuid);
}

int definition_remove(const char *root, const char *uuid)
{
	return file_replace(root, NULL, DEFINITIONS "/%s", uuid);
}
