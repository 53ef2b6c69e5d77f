// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "status.h"

/* Which option of the kernel's configuration makes a module that swcex run may need. */
static const struct {
	const char *module, *option;
} options[] = {
	{ "9p", "CONFIG_9P_FS" },
	{ "9pnet_virtio", "CONFIG_NET_9P_VIRTIO" },
	{ "overlay", "CONFIG_OVERLAY_FS" },
	{ "squashfs", "CONFIG_SQUASHFS" },
	{ "virtio_blk", "CONFIG_VIRTIO_BLK" },
	{ "virtio_console", "CONFIG_VIRTIO_CONSOLE" },
	{ "virtio_rng", "CONFIG_HW_RANDOM_VIRTIO" },
	{ "zcrypt", "CONFIG_ZCRYPT" },
	{ "zcrypt_cex4", "CONFIG_ZCRYPT" },
};

static const char *option_of(const char *module)
{
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		if (!strcmp(options[i].module, module))
			return options[i].option;
	}
	return "its option";
}

/* The kernel takes '-' and '_' in names for the same; files have either. */
static char *name_of(const char *path)
{
	char *name = g_path_get_basename(path);

	name[strcspn(name, ".")] = '\0';
	return g_strdelimit(name, "-", '_');
}

static bool has_dependencies(const char *directory)
{
	g_autofree char *file = g_build_filename(directory, "modules.dep", NULL);

	return !access(file, R_OK);
}

/* The only RELEASE with a modules.dep in DIRECTORY/lib/modules; NULL: none, or several. */
static char *find_release(const char *directory)
{
	g_autofree char *all = g_build_filename(directory, "lib/modules", NULL);
	GDir *dir = g_dir_open(all, 0, NULL);
	char *found = NULL;
	const char *name;
	int count = 0;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(all, name, NULL);

		if (!has_dependencies(path) || count++)
			continue;
		found = g_steal_pointer(&path);
	}
	if (dir)
		g_dir_close(dir);
	if (count > 1)
		g_clear_pointer(&found, g_free);
	return found;
}

static void read_dependencies(struct kernel *kernel)
{
	g_autofree char *file = g_build_filename(kernel->modules, "modules.dep", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		char *colon = strchr(*line, ':');
		GStrv words;

		if (!colon)
			continue;
		*colon = ' ';
		words = g_strsplit_set(g_strchomp(*line), " ", -1);
		g_hash_table_replace(kernel->dependencies, name_of(words[0]), words);
	}
}

static void read_builtin(struct kernel *kernel)
{
	g_autofree char *file = g_build_filename(kernel->modules, "modules.builtin", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		g_hash_table_add(kernel->builtin, name_of(*line));
}

static bool open_modules(struct kernel *kernel, const char *modules)
{
	if (has_dependencies(modules))
		kernel->modules = realpath(modules, NULL);
	else
		kernel->modules = find_release(modules);
	if (!kernel->modules)
		return complain("%s: neither it nor exactly one directory in its lib/modules has a modules.dep; give what `make modules_install INSTALL_MOD_PATH=DIR` fills, or run depmod",
				modules);
	kernel->release = g_path_get_basename(kernel->modules);
	read_dependencies(kernel);
	read_builtin(kernel);
	return true;
}

bool kernel_open(struct kernel *kernel, const char *image, const char *modules)
{
	kernel->dependencies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						     (GDestroyNotify)g_strfreev);
	kernel->builtin = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	kernel->image = realpath(image, NULL);
	if (!kernel->image || access(kernel->image, R_OK))
		return complain("the kernel %s cannot be read: %s", image, strerror(errno));
	return !modules || open_modules(kernel, modules);
}

void kernel_close(struct kernel *kernel)
{
	g_clear_pointer(&kernel->dependencies, g_hash_table_unref);
	g_clear_pointer(&kernel->builtin, g_hash_table_unref);
	free(kernel->image);
	g_free(kernel->modules);
	g_free(kernel->release);
	*kernel = (struct kernel){ 0 };
}

static bool has(GPtrArray *paths, const char *path)
{
	return g_ptr_array_find_with_equal_func(paths, path, g_str_equal, NULL);
}

/* depmod lists what a module needs with the innermost last. */
bool kernel_need(const struct kernel *kernel, const char *name, GPtrArray *paths)
{
	char **words = g_hash_table_lookup(kernel->dependencies, name);

	if (!words)
		return !kernel->modules || g_hash_table_contains(kernel->builtin, name);
	for (unsigned int i = g_strv_length(words); i-- > 0;) {
		if (*words[i] && !has(paths, words[i]))
			g_ptr_array_add(paths, words[i]);
	}
	return true;
}

bool kernel_check(const struct kernel *kernel, const char *const *names)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	bool good = true;

	for (; *names; names++) {
		if (!kernel_need(kernel, *names, paths))
			good = complain("%s has no module %s; build the kernel with %s=m or y",
					kernel->modules, *names, option_of(*names));
	}
	return good;
}
