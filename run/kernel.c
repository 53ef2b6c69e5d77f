// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "status.h"

#define MAGIC		"S390EP"
#define MAGIC_PLACE	0x10008

/*
 * The options of the kernel's configuration that build the modules that swcex
 * run may need
 */
static const struct {
	const char *module, *option;
} options[] = {
	{ "9p", "CONFIG_9P_FS" },
	{ "9pnet_virtio", "CONFIG_NET_9P_VIRTIO" },
	{ "btrfs", "CONFIG_BTRFS_FS" },
	{ "ext4", "CONFIG_EXT4_FS" },
	{ "overlay", "CONFIG_OVERLAY_FS" },
	{ "squashfs", "CONFIG_SQUASHFS" },
	{ "virtio_blk", "CONFIG_VIRTIO_BLK" },
	{ "virtio_console", "CONFIG_VIRTIO_CONSOLE" },
	{ "virtio_net", "CONFIG_VIRTIO_NET" },
	{ "virtio_rng", "CONFIG_HW_RANDOM_VIRTIO" },
	{ "xfs", "CONFIG_XFS_FS" },
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

/*
 * Return the name of a module, which the caller frees. The kernel does not
 * distinguish '-' and '_' in names, and file names may contain either.
 */
static char *name_of(const char *path)
{
	char *name = g_path_get_basename(path);

	name[strcspn(name, ".")] = '\0';
	return g_strdelimit(name, "-", '_');
}

static GHashTable *new_lists(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

static void add_to_list(GHashTable *lists, const char *key, const char *value)
{
	GPtrArray *list = g_hash_table_lookup(lists, key);

	if (!list) {
		list = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(lists, g_strdup(key), list);
	}
	g_ptr_array_add(list, g_strdup(value));
}

static bool has_dependencies(const char *directory)
{
	g_autofree char *file = g_build_filename(directory, "modules.dep", NULL);

	return !access(file, R_OK);
}

/*
 * Return the path of the only RELEASE with a modules.dep in
 * DIRECTORY/lib/modules, which the caller frees, or NULL if there is none or
 * more than one.
 */
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

/*
 * Return the lines of a file among the modules, which the caller frees; there
 * are none if it cannot be read.
 */
static GStrv lines_of(const struct kernel *kernel, const char *name)
{
	g_autofree char *file = g_build_filename(kernel->modules, name, NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return g_new0(char *, 1);
	return g_strsplit(text, "\n", -1);
}

static void read_dependencies(struct kernel *kernel)
{
	g_auto(GStrv) lines = lines_of(kernel, "modules.dep");

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
	g_auto(GStrv) lines = lines_of(kernel, "modules.builtin");

	for (char **line = lines; *line; line++)
		g_hash_table_add(kernel->builtin, name_of(*line));
}

/*
 * Return a table that maps each alias that is not a pattern to an array of the
 * modules that have it.
 */
static GHashTable *read_aliases(const struct kernel *kernel)
{
	GHashTable *aliases = new_lists();
	g_auto(GStrv) lines = lines_of(kernel, "modules.alias");

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 3);

		if (g_strv_length(words) == 3 && !strchr(words[1], '*'))
			add_to_list(aliases, words[1], words[2]);
	}
	return aliases;
}

/*
 * Add a soft dependency of @module. @wish is a module, or an alias, which
 * stands for all modules that have it.
 */
static void add_wish(struct kernel *kernel, GHashTable *aliases, const char *module, const char *wish)
{
	const GPtrArray *providers = g_hash_table_lookup(aliases, wish);

	for (guint i = 0; i < (providers ? providers->len : 1); i++) {
		char *name = name_of(providers ? providers->pdata[i] : wish);

		add_to_list(kernel->wishes, module, name);
		g_hash_table_add(kernel->wished, name);
	}
}

/*
 * Read lines "softdep MODULE pre: WISH... post: WISH...". Those behind "post:"
 * are not useful for file systems.
 */
static void read_wishes(struct kernel *kernel)
{
	g_autoptr(GHashTable) aliases = read_aliases(kernel);
	g_auto(GStrv) lines = lines_of(kernel, "modules.softdep");

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", -1);

		if (g_strv_length(words) < 4 || strcmp(words[2], "pre:"))
			continue;
		for (char **word = words + 3; *word && strcmp(*word, "post:"); word++)
			add_wish(kernel, aliases, words[1], *word);
	}
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
	read_wishes(kernel);
	return true;
}

/*
 * Check that the image has the magic of a kernel for s390x, as QEMU does. An
 * uncompressed kernel is an ELF file.
 */
static bool check_image(const char *image)
{
	char head[MAGIC_PLACE + sizeof(MAGIC) - 1];
	int fd = open(image, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, head, sizeof(head));
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (length < 0)
		return complain("the kernel %s cannot be read: %s", image, strerror(error));
	if (length == sizeof(head) &&
	    (!memcmp(head, "\177ELF", 4) || !memcmp(head + MAGIC_PLACE, MAGIC, sizeof(MAGIC) - 1)))
		return true;
	return complain("--kernel %s: this is no kernel for s390x; give the arch/s390/boot/bzImage that `make ARCH=s390 bzImage` has built",
			image);
}

bool kernel_open(struct kernel *kernel, const char *image, const char *modules)
{
	kernel->dependencies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						     (GDestroyNotify)g_strfreev);
	kernel->builtin = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	kernel->wishes = new_lists();
	kernel->wished = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	kernel->image = realpath(image, NULL);
	if (!kernel->image)
		return complain("the kernel %s cannot be read: %s", image, strerror(errno));
	if (!check_image(kernel->image))
		return false;
	return !modules || open_modules(kernel, modules);
}

void kernel_close(struct kernel *kernel)
{
	g_clear_pointer(&kernel->dependencies, g_hash_table_unref);
	g_clear_pointer(&kernel->builtin, g_hash_table_unref);
	g_clear_pointer(&kernel->wishes, g_hash_table_unref);
	g_clear_pointer(&kernel->wished, g_hash_table_unref);
	free(kernel->image);
	g_free(kernel->modules);
	g_free(kernel->release);
	*kernel = (struct kernel){ 0 };
}

static bool has(GPtrArray *paths, const char *path)
{
	return g_ptr_array_find_with_equal_func(paths, path, g_str_equal, NULL);
}

/*
 * Add the paths of a module and of those that it needs; depmod lists the
 * innermost one last. Return false if depmod lists no such module.
 */
static bool add_paths(const struct kernel *kernel, const char *name, GPtrArray *paths,
		      void (*before)(const struct kernel *kernel, const char *path, GPtrArray *paths))
{
	char **words = g_hash_table_lookup(kernel->dependencies, name);

	for (unsigned int i = words ? g_strv_length(words) : 0; i-- > 0;) {
		if (!*words[i] || has(paths, words[i]))
			continue;
		if (before)
			before(kernel, words[i], paths);
		g_ptr_array_add(paths, words[i]);
	}
	return words;
}

/*
 * Add the soft dependencies of a module. Their own soft dependencies are
 * ignored, as no file system needs those; so cyclic ones do no harm.
 */
static void add_wishes(const struct kernel *kernel, const char *path, GPtrArray *paths)
{
	g_autofree char *name = name_of(path);
	const GPtrArray *wishes = g_hash_table_lookup(kernel->wishes, name);

	for (guint i = 0; wishes && i < wishes->len; i++)
		add_paths(kernel, wishes->pdata[i], paths, NULL);
}

bool kernel_need(const struct kernel *kernel, const char *name, GPtrArray *paths)
{
	return add_paths(kernel, name, paths, add_wishes) || !kernel->modules ||
	       g_hash_table_contains(kernel->builtin, name);
}

static bool share_one(GPtrArray *group, GPtrArray *paths)
{
	for (guint i = 0; i < group->len; i++) {
		if (has(paths, group->pdata[i]))
			return true;
	}
	return false;
}

/* Append to @group those of @paths that it has not. */
static void join(GPtrArray *group, GPtrArray *paths)
{
	for (guint i = 0; i < paths->len; i++) {
		if (!has(group, paths->pdata[i]))
			g_ptr_array_add(group, paths->pdata[i]);
	}
}

/*
 * Make one group of those that share a module with @paths, and of @paths. These
 * come last, as they may need modules of the others.
 */
static void add_group(GPtrArray *groups, GPtrArray *paths)
{
	GPtrArray *group = g_ptr_array_new();

	for (guint i = 0; i < groups->len;) {
		if (share_one(groups->pdata[i], paths)) {
			join(group, groups->pdata[i]);
			g_ptr_array_remove_index(groups, i);
		} else {
			i++;
		}
	}
	join(group, paths);
	g_ptr_array_add(groups, group);
}

GPtrArray *kernel_groups(const struct kernel *kernel, const char *const *names)
{
	GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

	for (; *names; names++) {
		g_autoptr(GPtrArray) paths = g_ptr_array_new();

		kernel_need(kernel, *names, paths);
		if (paths->len)
			add_group(groups, paths);
	}
	return groups;
}

bool kernel_is_wish(const struct kernel *kernel, const char *path)
{
	g_autofree char *name = name_of(path);

	return g_hash_table_contains(kernel->wished, name);
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
