// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#define MAIN	"guestd"
#define FILES	"files"
#define GUESTS	"guests"
#define LIMITS	"limits"

static const struct {
	const char *key;
	size_t offset;
} paths[] = {
	{ "qemu", offsetof(struct config, qemu) },
	{ "plugin", offsetof(struct config, plugin) },
	{ "machine", offsetof(struct config, machine) },
	{ "files", offsetof(struct config, files) },
	{ "run", offsetof(struct config, run) },
};

static const struct {
	const char *key;
	size_t offset;
	guint64 usual, most;
} limits[] = {
	{ "connections", offsetof(struct config, connections), 64, 4096 },
	{ "guests", offsetof(struct config, guests), 32, 1024 },
	{ "log", offsetof(struct config, log), 1 << 20, G_MAXINT32 },
};

static char **path_of(struct config *config, size_t i)
{
	return (char **)((char *)config + paths[i].offset);
}

static guint64 *limit_of(struct config *config, size_t i)
{
	return (guint64 *)((char *)config + limits[i].offset);
}

static bool is_known(const char *group, const char *key)
{
	if (!strcmp(group, FILES) || !strcmp(group, GUESTS))
		return true;
	for (size_t i = 0; !strcmp(group, MAIN) && i < G_N_ELEMENTS(paths); i++) {
		if (!strcmp(paths[i].key, key))
			return true;
	}
	for (size_t i = 0; !strcmp(group, LIMITS) && i < G_N_ELEMENTS(limits); i++) {
		if (!strcmp(limits[i].key, key))
			return true;
	}
	return false;
}

/*
 * Check for unknown names. A mistyped one would otherwise be treated as
 * missing.
 */
static bool check_keys(GKeyFile *file, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (char **group = groups; *group; group++) {
		g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);

		for (char **key = keys; key && *key; key++) {
			if (is_known(*group, *key))
				continue;
			g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
				    "[%s] %s= is unknown", *group, *key);
			return false;
		}
	}
	return true;
}

static char *read_path(GKeyFile *file, const char *group, const char *key, GError **error)
{
	g_autofree char *path = g_key_file_get_string(file, group, key, error);

	if (!path || *path == '/')
		return g_steal_pointer(&path);
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
		    "[%s] %s= is no absolute path", group, key);
	return NULL;
}

static bool read_paths(struct config *config, GKeyFile *file, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		*path_of(config, i) = read_path(file, MAIN, paths[i].key, error);
		if (!*path_of(config, i))
			return false;
	}
	return true;
}

static bool read_named(struct config *config, GKeyFile *file, GError **error)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, FILES, NULL, NULL);

	for (char **name = names; name && *name; name++) {
		char *path = read_path(file, FILES, *name, error);

		if (!path)
			return false;
		g_hash_table_insert(config->named, g_strdup(*name), path);
	}
	return true;
}

static bool read_given(struct config *config, GKeyFile *file, GError **error)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, GUESTS, NULL, NULL);

	for (char **name = names; name && *name; name++) {
		GStrv words = g_key_file_get_string_list(file, GUESTS, *name, NULL, error);

		if (!words)
			return false;
		g_hash_table_insert(config->given, g_strdup(*name), words);
	}
	return true;
}

static bool read_limits(struct config *config, GKeyFile *file, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		guint64 *limit = limit_of(config, i);
		g_autofree char *text = g_key_file_get_string(file, LIMITS, limits[i].key, NULL);

		*limit = limits[i].usual;
		if (text && !g_ascii_string_to_unsigned(text, 10, 1, limits[i].most, limit, error)) {
			g_prefix_error(error, "[" LIMITS "] %s=: ", limits[i].key);
			return false;
		}
	}
	return true;
}

bool config_read(struct config *config, const char *path, char *reason, size_t size)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;

	memset(config, 0, sizeof(*config));
	config->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	config->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
	if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error) &&
	    check_keys(file, &error) && read_paths(config, file, &error) &&
	    read_named(config, file, &error) && read_given(config, file, &error) &&
	    read_limits(config, file, &error))
		return true;
	g_snprintf(reason, size, "%s: %s", path, error->message);
	return false;
}

void config_free(struct config *config)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		g_free(*path_of(config, i));
	if (config->named)
		g_hash_table_unref(config->named);
	if (config->given)
		g_hash_table_unref(config->given);
	*config = (struct config){ 0 };
}
