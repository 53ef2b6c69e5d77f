// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "grid.h"
#include "keys.h"
#include "machine.h"
#include "owner.h"
#include "show.h"

/* Reading mkvps sends a message to a coprocessor. */
#define KEYS_UNASKED	256
#define PATTERN_SHOWN	8

struct view {
	struct context *context;
	const struct machine *machine;
	struct ap_mask adapters;
	struct ap_mask domains;
	GHashTable *keys;		/* maps an APQN to struct keys */
	unsigned int unread;		/* queues whose keys were not read */
};

/*
 * Collect all adapters, and the adapters and domains of queues that exist or
 * are assigned to a device.
 */
static void collect_lines(struct view *view)
{
	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (view->machine->queue[apqn].driver == DRIVER_ABSENT &&
		    !view->machine->queue[apqn].device)
			continue;
		mask_add(&view->adapters, APQN_ADAPTER(apqn));
		mask_add(&view->domains, APQN_DOMAIN(apqn));
	}
	for (unsigned int id = 0; id < AP_IDS; id++)
		if (view->machine->adapter[id].exists)
			mask_add(&view->adapters, id);
}

static void collect_keys(struct view *view)
{
	unsigned int apqn, readable = 0;

	for (apqn = 0; apqn < APQNS; apqn++)
		readable += keys_are_readable(view->machine, apqn);
	if (readable > KEYS_UNASKED && !view->context->options.keys) {
		view->unread = readable;
		return;
	}
	for (apqn = 0; apqn < APQNS; apqn++) {
		struct keys *keys;

		if (!keys_are_readable(view->machine, apqn))
			continue;
		keys = g_new(struct keys, 1);
		if (keys_read(view->machine->root, apqn, keys))
			g_free(keys);
		else
			g_hash_table_insert(view->keys, GUINT_TO_POINTER(apqn), keys);
	}
}

static const struct keys *keys_of(const struct view *view, unsigned int apqn)
{
	return g_hash_table_lookup(view->keys, GUINT_TO_POINTER(apqn));
}

/* Sums over the coprocessors of a line of the grid, for one kind of key */
struct tally {
	unsigned int known;
	unsigned int valid;
	unsigned int pending;
	bool differs;
	const char *pattern;
};

static void tally_add(struct tally *tally, const struct keys *keys, enum key_kind kind)
{
	const struct master_key *key = keys ? &keys->key[kind] : NULL;

	if (!key || !key->known)
		return;
	tally->known++;
	tally->pending += key->pending;
	if (!key->valid)
		return;
	tally->valid++;
	tally->differs |= tally->pattern && strcmp(tally->pattern, key->pattern);
	tally->pattern = key->pattern;
}

static struct tally tally_domain(const struct view *view, unsigned int domain, enum key_kind kind)
{
	struct tally tally = { 0 };
	unsigned int adapter;

	mask_for_each(adapter, &view->adapters)
		tally_add(&tally, keys_of(view, APQN(adapter, domain)), kind);
	return tally;
}

static struct tally tally_adapter(const struct view *view, unsigned int adapter, enum key_kind kind)
{
	struct tally tally = { 0 };
	unsigned int domain;

	mask_for_each(domain, &view->domains)
		tally_add(&tally, keys_of(view, APQN(adapter, domain)), kind);
	return tally;
}

/*
 * Add a cell such as "AES 01234567 APKA unset". It contains the pattern if all
 * coprocessors of the domain agree.
 */
static void add_domain_keys(const struct view *view, struct grid *grid, unsigned int domain)
{
	g_autoptr(GString) text = g_string_new(NULL);
	enum style style = STYLE_PLAIN;

	for (int kind = 0; kind < KEY_KINDS; kind++) {
		struct tally tally = tally_domain(view, domain, kind);

		if (!tally.known)
			continue;
		g_string_append_printf(text, "%s%s ", text->len ? " " : "", key_names[kind]);
		if (!tally.valid)
			g_string_append(text, "unset");
		else if (tally.valid < tally.known)
			g_string_append(text, "partly");
		else if (tally.differs)
			g_string_append(text, "differs");
		else
			g_string_append_len(text, tally.pattern, PATTERN_SHOWN);
		if (tally.valid && (tally.differs || tally.valid < tally.known))
			style = STYLE_BAD;
		if (tally.pending)
			g_string_append(text, "+new");
	}
	grid_add(grid, style, text->str);
}

/*
 * Add a row such as "AES set  1/2": the number of domains of each adapter in
 * which the key is set.
 */
static void add_adapter_keys(const struct view *view, struct grid *grid, enum key_kind kind)
{
	g_autofree char *label = g_strdup_printf("%s set", key_names[kind]);
	bool any = false;
	unsigned int id;

	mask_for_each(id, &view->adapters)
		any |= tally_adapter(view, id, kind).known;
	if (!any)
		return;
	grid_add(grid, STYLE_LABEL, label);
	mask_for_each(id, &view->adapters) {
		struct tally tally = tally_adapter(view, id, kind);
		g_autofree char *text = tally.known ?
			g_strdup_printf("%u/%u", tally.valid, tally.known) : g_strdup("");

		grid_add(grid, STYLE_PLAIN, text);
	}
	grid_add(grid, STYLE_PLAIN, "");
}

static void add_head(const struct view *view, struct grid *grid)
{
	bool trouble = false;
	unsigned int id;
	char text[8];

	grid_add(grid, STYLE_LABEL, "adapter");
	mask_for_each(id, &view->adapters) {
		g_snprintf(text, sizeof(text), "%02x", id);
		grid_add(grid, STYLE_LABEL, text);
		trouble |= *adapter_state(&view->machine->adapter[id]);
	}
	grid_add(grid, STYLE_LABEL, g_hash_table_size(view->keys) ? "master keys" : "");
	grid_add(grid, STYLE_LABEL, "type");
	mask_for_each(id, &view->adapters)
		grid_add(grid, STYLE_PLAIN, view->machine->adapter[id].type);
	grid_add(grid, STYLE_PLAIN, "");
	if (!trouble)
		return;
	grid_add(grid, STYLE_LABEL, "state");
	mask_for_each(id, &view->adapters)
		grid_add(grid, STYLE_BAD, adapter_state(&view->machine->adapter[id]));
	grid_add(grid, STYLE_PLAIN, "");
}

static void add_domain(const struct view *view, struct grid *grid, unsigned int domain)
{
	unsigned int adapter;
	char label[8];

	g_snprintf(label, sizeof(label), "%04x", domain);
	grid_add(grid, STYLE_LABEL, label);
	mask_for_each(adapter, &view->adapters) {
		enum style style;
		g_autofree char *text = owner_text(view->machine, APQN(adapter, domain), &style);

		grid_add(grid, style, text);
	}
	add_domain_keys(view, grid, domain);
}

static void print_legend(const struct view *view)
{
	FILE *out = view->context->out;
	bool running = false;

	for (unsigned int i = 0; i < view->machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(view->machine->devices, i);

		running |= device->running;
	}
	if (running)
		fputs("\n* a guest has it\n", out);
	if (view->unread)
		fprintf(out, "\nThe master keys of %u queues were not read, for each takes a message; --keys reads them.\n",
			view->unread);
}

static void show_text(const struct view *view)
{
	struct grid *grid = grid_new(mask_count(&view->adapters) + 2);
	unsigned int domain;

	add_head(view, grid);
	mask_for_each(domain, &view->domains)
		add_domain(view, grid, domain);
	for (int kind = 0; kind < KEY_KINDS; kind++)
		add_adapter_keys(view, grid, kind);
	grid_print(grid, view->context->out, view->context->width, view->context->colour);
	grid_free(grid);
	print_legend(view);
}

/* @key is a literal that @object does not have, which saves much for 65,536 queues. */
static void add_string(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add_ex(object, key, text ? json_object_new_string(text) : NULL,
				  JSON_C_OBJECT_ADD_CONSTANT_KEY | JSON_C_OBJECT_ADD_KEY_IS_NEW);
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

static struct json_object *adapter_json(const struct view *view, unsigned int id)
{
	const struct adapter *adapter = &view->machine->adapter[id];
	struct json_object *object = json_object_new_object();
	const char *state = adapter_state(adapter);
	char text[8];

	g_snprintf(text, sizeof(text), "%02x", id);
	add_string(object, "adapter", text);
	add_string(object, "type", adapter->type);
	add_string(object, "state", *state ? state : "operational");
	return object;
}

static struct json_object *keys_json(const struct keys *keys)
{
	struct json_object *object = json_object_new_object();

	for (int i = 0; i < KEY_KINDS; i++) {
		const struct master_key *key = &keys->key[i];
		struct json_object *one;

		if (!key->known)
			continue;
		one = json_object_new_object();
		add_string(one, "pattern", key->valid ? key->pattern : NULL);
		add_bool(one, "pending", key->pending);
		json_object_object_add(object, key_names[i], one);
	}
	return object;
}

static struct json_object *queue_json(const struct view *view, unsigned int apqn)
{
	const struct device *device = machine_owner(view->machine, apqn);
	const struct keys *keys = keys_of(view, apqn);
	struct json_object *object = json_object_new_object();
	char text[APQN_TEXT];

	apqn_text(apqn, text);
	add_string(object, "apqn", text);
	add_string(object, "owner", owner_word(view->machine, apqn));
	if (device) {
		add_string(object, "device", device->uuid);
		add_string(object, "name", device->name);
	}
	if (keys)
		json_object_object_add(object, "keys", keys_json(keys));
	return object;
}

static void show_json(const struct view *view)
{
	const struct machine *machine = view->machine;
	struct json_object *all = json_object_new_object();
	struct json_object *adapters = json_object_new_array();
	struct json_object *queues = json_object_new_array();
	char text[MASK_TEXT];
	unsigned int id;

	mask_text(&machine->apmask, text);
	add_string(all, "apmask", text);
	mask_text(&machine->aqmask, text);
	add_string(all, "aqmask", text);
	add_string(all, "driver", machine->vfio_ap ? machine->explains ? "vfio_ap" : "in-tree" : NULL);
	mask_for_each(id, &view->adapters)
		json_object_array_add(adapters, adapter_json(view, id));
	json_object_object_add(all, "adapters", adapters);
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (machine->queue[apqn].driver != DRIVER_ABSENT || machine->queue[apqn].device)
			json_object_array_add(queues, queue_json(view, apqn));
	json_object_object_add(all, "queues", queues);
	fprintf(view->context->out, "%s\n", json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN));
	json_object_put(all);
}

int show(struct context *context)
{
	struct machine *machine = machine_read(context->root, context->err);
	struct view view = { .context = context, .machine = machine };

	if (!machine)
		return EXIT_REFUSED;
	view.keys = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	collect_lines(&view);
	collect_keys(&view);
	if (context->options.json)
		show_json(&view);
	else
		show_text(&view);
	g_hash_table_unref(view.keys);
	machine_free(machine);
	return EXIT_DONE;
}
