// SPDX-License-Identifier: GPL-2.0-only
#include "initramfs.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "status.h"

/*
 * An archive in cpio's format newc, in which each part is padded to four bytes
 */
struct archive {
	FILE *file;
	unsigned int count;
};

static void put(struct archive *archive, const void *data, size_t length)
{
	static const char zeros[4];
	size_t padding = -length & 3;

	fwrite(data, 1, length, archive->file);
	fwrite(zeros, 1, padding, archive->file);
}

/*
 * Add a file. The header has 110 bytes, so the name is padded together with it.
 */
static void add(struct archive *archive, const char *name, mode_t mode, const void *data, size_t length)
{
	g_autofree char *head = g_strdup_printf("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s",
						++archive->count, mode, 0, 0, 1, 0, (unsigned int)length,
						0, 0, 0, 0, (unsigned int)strlen(name) + 1, 0, name);

	put(archive, head, strlen(head) + 1);
	put(archive, data, length);
}

static GBytes *read_file(const char *path)
{
	g_autoptr(GError) error = NULL;
	char *data;
	gsize length;

	if (g_file_get_contents(path, &data, &length, &error))
		return g_bytes_new_take(data, length);
	complain("%s", error->message);
	return NULL;
}

static GBytes *output_of(const char *program, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) process = NULL;
	GBytes *output = NULL;

	process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-dc", path, NULL);
	if (process && g_subprocess_communicate(process, NULL, NULL, &output, NULL, &error) &&
	    g_subprocess_get_successful(process))
		return output;
	g_clear_pointer(&output, g_bytes_unref);
	complain("%s cannot be uncompressed by %s: %s", path, program,
		 error ? error->message : "it is damaged");
	return NULL;
}

static GBytes *read_module(const char *path)
{
	if (g_str_has_suffix(path, ".xz"))
		return output_of("xz", path);
	if (g_str_has_suffix(path, ".zst"))
		return output_of("zstd", path);
	if (g_str_has_suffix(path, ".gz"))
		return output_of("gzip", path);
	return read_file(path);
}

static bool add_file(struct archive *archive, const char *name, mode_t mode, GBytes *bytes)
{
	gsize length;
	const void *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	if (bytes)
		add(archive, name, S_IFREG | mode, data, length);
	g_bytes_unref(bytes);
	return data;
}

static bool add_module(struct archive *archive, const struct kernel *kernel, const char *path, GString *order)
{
	g_autofree char *file = g_build_filename(kernel->modules, path, NULL);
	g_autofree char *base = g_path_get_basename(file);
	g_autofree char *name = g_build_filename("modules", base, NULL);

	g_string_append_printf(order, "%s%s\n", kernel_is_wish(kernel, path) ? "-" : "", base);
	return add_file(archive, name, 0644, read_module(file));
}

static bool add_modules(struct archive *archive, const struct kernel *kernel, const char *const *names)
{
	g_autoptr(GPtrArray) groups = kernel_groups(kernel, names);
	g_autoptr(GString) order = g_string_new(NULL);

	add(archive, "modules", S_IFDIR | 0755, "", 0);
	for (guint i = 0; i < groups->len; i++) {
		GPtrArray *group = groups->pdata[i];

		for (guint j = 0; j < group->len; j++) {
			if (!add_module(archive, kernel, group->pdata[j], order))
				return false;
		}
		g_string_append_c(order, '\n');
	}
	add(archive, "modules/order", S_IFREG | 0644, order->str, order->len);
	return true;
}

static bool fill(struct archive *archive, const char *supervisor, const struct kernel *kernel,
		 const char *const *names)
{
	if (!add_file(archive, "init", 0755, read_file(supervisor)))
		return false;
	if (!add_modules(archive, kernel, names))
		return false;
	add(archive, "TRAILER!!!", 0, "", 0);
	return true;
}

/*
 * Append the archive @more, with padding. The kernel accepts several archives
 * in a row.
 */
static bool append(struct archive *archive, const char *more)
{
	g_autoptr(GBytes) bytes = read_file(more);
	gsize length;
	const void *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	if (data)
		fwrite(data, 1, length, archive->file);
	return data;
}

bool initramfs_write(const char *path, const char *supervisor, const struct kernel *kernel,
		     const char *const *names, const char *more)
{
	struct archive archive = { .file = fopen(path, "we") };
	bool good;

	if (!archive.file)
		return complain("%s cannot be written: %s", path, strerror(errno));
	good = fill(&archive, supervisor, kernel, names) && (!more || append(&archive, more));
	if (fclose(archive.file) && good)
		return complain("%s cannot be written: %s", path, strerror(errno));
	return good;
}
