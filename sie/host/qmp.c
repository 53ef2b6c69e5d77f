// SPDX-License-Identifier: GPL-2.0-only
#include "qmp.h"

#include <glib.h>
#include <string.h>

#include "json_text.h"

/* Path of QEMU's objects for devices that have an id */
#define DEVICES	"/machine/peripheral"

/*
 * Return whether only events of a migration are requested, which is harmless.
 * There is no destination for a migration itself.
 */
static bool tells_events(struct json_object *arguments)
{
	struct json_object *list;

	if (!json_object_object_get_ex(arguments, "capabilities", &list) ||
	    !json_object_is_type(list, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i), "capability");

		if (!name || strcmp(name, "events"))
			return false;
	}
	return true;
}

/*
 * Return whether the balloon's statistics are addressed. Other properties may
 * name something of the host.
 */
static bool is_of_balloon(struct json_object *arguments)
{
	const char *path = json_text(arguments, "path"), *property = json_text(arguments, "property");

	return path && g_str_has_prefix(path, DEVICES "/") && property &&
	       g_str_has_prefix(property, "guest-stats");
}

/* Add the vfio-ap device, which the front end has. */
static void add_device(struct json_object *list, const struct qmp_lpar *lpar)
{
	struct json_object *device;

	if (!lpar->lists_devices || !*lpar->device || !json_object_is_type(list, json_type_array))
		return;
	device = json_object_new_object();
	json_object_object_add(device, "name", json_object_new_string(lpar->device));
	json_object_object_add(device, "type", json_object_new_string("child<vfio-ap>"));
	json_object_array_add(list, device);
}

static size_t count_of(struct json_object *list)
{
	return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

/* Set a machine's default CPU, which is the host's under KVM. */
static void name_host_cpu(struct json_object *machines, const struct qmp_lpar *lpar)
{
	for (size_t i = 0; !lpar->lacks_kvm && i < count_of(machines); i++) {
		struct json_object *machine = json_object_array_get_idx(machines, i);

		if (json_text(machine, "default-cpu-type"))
			json_object_object_add(machine, "default-cpu-type",
					       json_object_new_string("host-s390x-cpu"));
	}
}

/*
 * Add the features for AP instructions, which the machine has and the real
 * QEMU's CPU lacks.
 */
static void add_features(struct json_object *returned, const struct qmp_lpar *lpar)
{
	static const char *const features[] = { "ap", "apqci", "apft" };
	struct json_object *model, *properties;

	if (lpar->lacks_kvm || !json_object_object_get_ex(returned, "model", &model) ||
	    !json_object_object_get_ex(model, "props", &properties) ||
	    !json_object_is_type(properties, json_type_object))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
		json_object_object_add(properties, features[i], json_object_new_boolean(true));
}

/*
 * Give threads the process ID of the front end. A number of the host would be
 * that of another thread in the LPAR, which libvirt would then move.
 */
static void name_process(struct json_object *threads, const struct qmp_lpar *lpar)
{
	for (size_t i = 0; i < count_of(threads); i++) {
		struct json_object *thread = json_object_array_get_idx(threads, i);

		if (json_object_is_type(thread, json_type_object))
			json_object_object_add(thread, "thread-id",
					       json_object_new_int64(lpar->process));
	}
}

/*
 * The LPAR has KVM, under which its guests run, whatever executes their
 * instructions. It is what query-kvm is answered, too.
 */
static void add_kvm(struct json_object *returned, const struct qmp_lpar *lpar)
{
	struct json_object *present;
	bool has_kvm = false;

	if (!json_object_object_get_ex(returned, "present", &present))
		return;
	if (!lpar->lacks_kvm)
		json_object_object_add(returned, "enabled", json_object_new_string("kvm"));
	for (size_t i = 0; i < count_of(present); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(present, i));

		has_kvm |= name && !strcmp(name, "kvm");
	}
	if (!has_kvm && json_object_is_type(present, json_type_array))
		json_object_array_add(present, json_object_new_string("kvm"));
}

static bool is_told_of_blocks(const char *key)
{
	static const char *const keys[] = {
		"device", "drv", "format", "io-status", "node-name", "qdev", "type",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!strcmp(keys[i], key))
			return true;
	}
	return false;
}

static void hide_names_at(const char *key, struct json_object *value)
{
	if (json_object_is_type(value, json_type_string) && !is_told_of_blocks(key))
		json_object_set_string(value, "");
	for (size_t i = 0; i < count_of(value); i++)
		hide_names_at(key, json_object_array_get_idx(value, i));
	if (!json_object_is_type(value, json_type_object))
		return;
	json_object_object_foreach(value, inner, member) {
		hide_names_at(inner, member);
	}
}

/*
 * Hide where the host has its files, and those that guestd.conf gives a guest.
 * Of a block device, the LPAR is told numbers, and texts with certain keys.
 * json-c limits the depth.
 */
static void hide_names(struct json_object *returned, const struct qmp_lpar *lpar)
{
	(void)lpar;
	hide_names_at("", returned);
}

/*
 * These commands read what QEMU says about itself and the guest, or do to the
 * guest what its console could do. None takes a file, a host device, a network
 * address, memory or another process. Answers are changed where they would name
 * something of the host.
 */
static const struct offer {
	const char *command;
	bool (*takes)(struct json_object *arguments);	/* NULL for any */
	void (*mend)(struct json_object *returned, const struct qmp_lpar *lpar);
} offers[] = {
	{ .command = "balloon" },
	{ .command = "cont" },
	{ .command = "device-list-properties" },
	{ .command = "migrate-set-capabilities", .takes = tells_events },
	{ .command = "qom-get", .takes = is_of_balloon },
	{ .command = "qom-list", .mend = add_device },
	{ .command = "qom-list-properties" },
	{ .command = "qom-list-types" },
	{ .command = "qom-set", .takes = is_of_balloon },
	{ .command = "query-accelerators", .mend = add_kvm },
	{ .command = "query-balloon" },
	{ .command = "query-block", .mend = hide_names },
	{ .command = "query-blockstats", .mend = hide_names },
	{ .command = "query-block-jobs" },
	{ .command = "query-command-line-options" },
	{ .command = "query-commands" },
	{ .command = "query-cpu-definitions" },
	{ .command = "query-cpu-model-baseline" },
	{ .command = "query-cpu-model-comparison" },
	{ .command = "query-cpu-model-expansion", .mend = add_features },
	{ .command = "query-cpus-fast", .mend = name_process },
	{ .command = "query-current-machine" },
	{ .command = "query-dirty-rate" },
	{ .command = "query-events" },
	{ .command = "query-hotpluggable-cpus" },
	{ .command = "query-iothreads", .mend = name_process },
	{ .command = "query-jobs" },
	{ .command = "query-machines", .mend = name_host_cpu },
	{ .command = "query-memory-devices" },
	{ .command = "query-memory-size-summary" },
	{ .command = "query-migrate" },
	{ .command = "query-migrate-capabilities" },
	{ .command = "query-name" },
	{ .command = "query-named-block-nodes", .mend = hide_names },
	{ .command = "query-qmp-schema" },
	{ .command = "query-stats" },
	{ .command = "query-stats-schemas" },
	{ .command = "query-status" },
	{ .command = "query-target" },
	{ .command = "query-tpm-models" },
	{ .command = "query-tpm-types" },
	{ .command = "query-uuid" },
	{ .command = "query-version" },
	{ .command = "quit" },
	{ .command = "set-action" },
	{ .command = "stop" },
	{ .command = "system_powerdown" },
	{ .command = "system_reset" },
	{ .command = "system_wakeup" },
};

/*
 * Rename the model "host", which is KVM's, to "max", which a guest here gets.
 */
static void rename_host(struct json_object *arguments)
{
	static const char *const models[] = { "model", "modela", "modelb" };
	struct json_object *model;
	const char *name;

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		if (!json_object_object_get_ex(arguments, models[i], &model))
			continue;
		name = json_text(model, "name");
		if (name && !strcmp(name, "host"))
			json_object_object_add(model, "name", json_object_new_string("max"));
	}
}

static const struct offer *find_offer(const char *command)
{
	for (size_t i = 0; i < G_N_ELEMENTS(offers); i++) {
		if (!strcmp(offers[i].command, command))
			return &offers[i];
	}
	return NULL;
}

bool qmp_takes(const char *command, struct json_object *arguments)
{
	const struct offer *offer = find_offer(command);

	if (!offer || (offer->takes && !offer->takes(arguments)))
		return false;
	rename_host(arguments);
	return true;
}

bool qmp_lists_devices(const char *command, struct json_object *arguments)
{
	const char *path = json_text(arguments, "path");

	return !strcmp(command, "qom-list") && path && !strcmp(path, DEVICES);
}

void qmp_mend(const char *command, struct json_object *returned, const struct qmp_lpar *lpar)
{
	const struct offer *offer = find_offer(command);

	if (offer && offer->mend)
		offer->mend(returned, lpar);
}
