// SPDX-License-Identifier: GPL-2.0-only
#include "definition.h"
#include "names.h"
#include "which.h"

/* Return the UUIDs of all devices, active or defined. */
static GHashTable *all_uuids(const struct machine *machine)
{
	GHashTable *uuids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *definitions = definitions_read(machine->root);

	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);

		g_hash_table_add(uuids, g_strdup(device->uuid));
	}
	for (unsigned int i = 0; i < definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(definitions, i);

		g_hash_table_add(uuids, g_strdup(definition->uuid));
	}
	g_ptr_array_unref(definitions);
	return uuids;
}

char *which_device(const struct machine *machine, const char *word, FILE *err)
{
	GHashTable *uuids = all_uuids(machine);
	g_autofree char *named = name_find(machine->root, word);
	bool by_name = named && g_hash_table_contains(uuids, named);
	g_autofree char *found = NULL;
	unsigned int matches = 0;
	GHashTableIter iterator;
	gpointer uuid;

	if (by_name) {
		matches = 1;
		found = g_steal_pointer(&named);
	}
	g_hash_table_iter_init(&iterator, uuids);
	while (!by_name && *word && g_hash_table_iter_next(&iterator, &uuid, NULL))
		if (!g_ascii_strncasecmp(uuid, word, strlen(word)) && !matches++)
			found = g_strdup(uuid);
	g_hash_table_unref(uuids);
	if (matches == 1)
		return g_steal_pointer(&found);
	fprintf(err, matches ? "apctl: %s: more than one device has a UUID that begins so; `apctl list` shows them\n" :
			       "apctl: %s: there is no such device; `apctl list` shows those that there are\n",
		word);
	return NULL;
}
