// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "grid.h"
#include "list.h"
#include "machine.h"

static const char *const heads[] = { "NAME", "STATE", "QUEUES", "ADAPTERS", "DOMAINS", "CONTROL", "UUID" };

static const char *state_of(const struct device *device)
{
	if (device->staged)
		return "staged";
	return device->running ? "running" : "active";
}

/* How many queues the guest has, or would get. */
static unsigned int usable(const struct machine *machine, const struct device *device)
{
	unsigned int apqn, count = 0;

	matrix_for_each(apqn, &device->assigned)
		count += machine_owner(machine, apqn) == device && machine->queue[apqn].in_guest;
	return count;
}

static void list_text(struct context *context, const struct machine *machine)
{
	struct grid *grid = grid_new(G_N_ELEMENTS(heads));

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		grid_add(grid, STYLE_LABEL, heads[i]);
	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);
		unsigned int all = mask_count(&device->assigned.apm) * mask_count(&device->assigned.aqm);
		unsigned int count = usable(machine, device);
		g_autofree char *queues = g_strdup_printf("%u/%u", count, all);
		g_autofree char *adapters = ids_text(&device->assigned.apm);
		g_autofree char *domains = ids_text(&device->assigned.aqm);
		g_autofree char *control = ids_text(&device->assigned.adm);

		grid_add(grid, STYLE_PLAIN, device->name);
		grid_add(grid, device->running ? STYLE_RUNNING : STYLE_DEVICE, state_of(device));
		grid_add(grid, count < all && !device->staged ? STYLE_BAD : STYLE_PLAIN, queues);
		grid_add(grid, STYLE_PLAIN, adapters);
		grid_add(grid, STYLE_PLAIN, domains);
		grid_add(grid, STYLE_PLAIN, control);
		grid_add(grid, STYLE_PLAIN, device->uuid);
	}
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

static void list_json(struct context *context, const struct machine *machine)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);
		struct json_object *object = json_object_new_object();

		json_object_object_add(object, "name", json_object_new_string(device->name));
		json_object_object_add(object, "uuid", json_object_new_string(device->uuid));
		json_object_object_add(object, "state", json_object_new_string(state_of(device)));
		json_object_object_add(object, "usable", json_object_new_int(usable(machine, device)));
		json_object_object_add(object, "adapters", numbers_json(&device->assigned.apm));
		json_object_object_add(object, "domains", numbers_json(&device->assigned.aqm));
		json_object_object_add(object, "control", numbers_json(&device->assigned.adm));
		json_object_array_add(array, object);
	}
	fprintf(context->out, "%s\n", json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN));
	json_object_put(array);
}

int list(struct context *context)
{
	struct machine *machine = machine_read(context->root, context->err);

	if (!machine)
		return EXIT_REFUSED;
	if (context->options.json)
		list_json(context, machine);
	else
		list_text(context, machine);
	machine_free(machine);
	return EXIT_DONE;
}
