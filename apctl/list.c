// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "definition.h"
#include "grid.h"
#include "list.h"
#include "machine.h"

static const char *const heads[] = {
	"NAME", "STATE", "BOOT", "QUEUES", "ADAPTERS", "DOMAINS", "CONTROL", "UUID",
};

/* A device that is active, defined or both */
struct row {
	const char *name;
	const char *uuid;
	const char *state;
	const char *boot;
	enum style style;
	bool active;
	unsigned int usable;	/* queues that the guest has, or would get */
	unsigned int assigned;
	const struct matrix *matrix;
};

static const char *state_of(const struct device *device)
{
	if (device->staged)
		return "staged";
	return device->running ? "running" : "active";
}

static unsigned int count_usable(const struct machine *machine, const struct device *device)
{
	unsigned int apqn, count = 0;

	matrix_for_each(apqn, &device->assigned)
		count += machine_owner(machine, apqn) == device && machine->queue[apqn].in_guest;
	return count;
}

static const struct definition *find_definition(GPtrArray *definitions, const char *uuid)
{
	for (unsigned int i = 0; i < definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(definitions, i);

		if (!g_ascii_strcasecmp(definition->uuid, uuid))
			return definition;
	}
	return NULL;
}

static const char *boot_of(const struct definition *definition)
{
	if (!definition)
		return "-";
	return definition->autostart ? "auto" : "manual";
}

static struct row active_row(const struct machine *machine, const struct device *device,
			     const struct definition *definition)
{
	return (struct row) {
		.name = device->name, .uuid = device->uuid, .state = state_of(device),
		.boot = boot_of(definition), .active = true,
		.style = device->running ? STYLE_RUNNING : STYLE_DEVICE,
		.usable = count_usable(machine, device),
		.assigned = mask_count(&device->assigned.apm) * mask_count(&device->assigned.aqm),
		.matrix = &device->assigned,
	};
}

static struct row defined_row(const struct definition *definition)
{
	return (struct row) {
		.name = definition->name, .uuid = definition->uuid, .state = "defined",
		.boot = boot_of(definition), .style = STYLE_PLAIN, .matrix = &definition->matrix,
	};
}

static void each_row(const struct machine *machine, GPtrArray *definitions,
		     void (*take)(const struct row *row, void *arg), void *arg)
{
	struct row row;

	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);

		row = active_row(machine, device, find_definition(definitions, device->uuid));
		take(&row, arg);
	}
	for (unsigned int i = 0; i < definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(definitions, i);

		if (machine_device(machine, definition->uuid))
			continue;
		row = defined_row(definition);
		take(&row, arg);
	}
}

static void add_text(const struct row *row, void *arg)
{
	struct grid *grid = arg;
	g_autofree char *queues = row->active ?
		g_strdup_printf("%u/%u", row->usable, row->assigned) : g_strdup("-");
	g_autofree char *adapters = ids_text(&row->matrix->apm);
	g_autofree char *domains = ids_text(&row->matrix->aqm);
	g_autofree char *control = ids_text(&row->matrix->adm);

	grid_add(grid, STYLE_PLAIN, row->name);
	grid_add(grid, row->style, row->state);
	grid_add(grid, STYLE_PLAIN, row->boot);
	grid_add(grid, row->usable < row->assigned ? STYLE_BAD : STYLE_PLAIN, queues);
	grid_add(grid, STYLE_PLAIN, adapters);
	grid_add(grid, STYLE_PLAIN, domains);
	grid_add(grid, STYLE_PLAIN, control);
	grid_add(grid, STYLE_PLAIN, row->uuid);
}

static void list_text(struct context *context, const struct machine *machine,
		      GPtrArray *definitions)
{
	struct grid *grid = grid_new(G_N_ELEMENTS(heads));

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		grid_add(grid, STYLE_LABEL, heads[i]);
	each_row(machine, definitions, add_text, grid);
	grid_print(grid, context->out, 0, context->colour);
	grid_free(grid);
}

static struct json_object *numbers_json(const struct ap_mask *ids)
{
	struct json_object *array = json_object_new_array();
	unsigned int id;

	mask_for_each(id, ids)
		json_object_array_add(array, json_object_new_int(id));
	return array;
}

static void add_json(const struct row *row, void *arg)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_object_new_string(row->name));
	json_object_object_add(object, "uuid", json_object_new_string(row->uuid));
	json_object_object_add(object, "state", json_object_new_string(row->state));
	json_object_object_add(object, "boot", json_object_new_string(row->boot));
	json_object_object_add(object, "usable", json_object_new_int(row->usable));
	json_object_object_add(object, "adapters", numbers_json(&row->matrix->apm));
	json_object_object_add(object, "domains", numbers_json(&row->matrix->aqm));
	json_object_object_add(object, "control", numbers_json(&row->matrix->adm));
	json_object_array_add(arg, object);
}

static void list_json(struct context *context, const struct machine *machine,
		      GPtrArray *definitions)
{
	struct json_object *array = json_object_new_array();

	each_row(machine, definitions, add_json, array);
	fprintf(context->out, "%s\n", json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN));
	json_object_put(array);
}

int list(struct context *context)
{
	struct machine *machine = machine_read(context->root, context->err);
	GPtrArray *definitions;

	if (!machine)
		return EXIT_REFUSED;
	definitions = definitions_read(context->root);
	if (context->options.json)
		list_json(context, machine, definitions);
	else
		list_text(context, machine, definitions);
	g_ptr_array_unref(definitions);
	machine_free(machine);
	return EXIT_DONE;
}
