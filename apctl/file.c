// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "bytes/number.h"
#include "file.h"

#define BLOCK 4096

/*
 * Declare @path, which consists of @root and the formatted text of @format and
 * the following arguments.
 */
#define FORMATTED_PATH							\
	g_autofree char *path = NULL;					\
	do {								\
		va_list arguments;					\
									\
		va_start(arguments, format);				\
		path = path_of(root, format, arguments);		\
		va_end(arguments);					\
	} while (0)

__attribute__((format(printf, 2, 0)))
static char *path_of(const char *root, const char *format, va_list arguments)
{
	g_autofree char *below = g_strdup_vprintf(format, arguments);

	return g_strconcat(root, below, NULL);
}

char *file_path(const char *root, const char *format, ...)
{
	FORMATTED_PATH;
	return g_steal_pointer(&path);
}

/*
 * Read a file to its end. If the first block is not full, it is the whole file,
 * so that a second read() is not needed.
 */
static int read_all(int fd, GString *text)
{
	char block[BLOCK];
	ssize_t length;

	while ((length = read(fd, block, sizeof(block))) > 0) {
		g_string_append_len(text, block, length);
		if (text->len < sizeof(block))
			return 0;
	}
	return length < 0 ? -errno : 0;
}

char *file_read_at(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	GString *text;
	int rc;

	if (fd < 0)
		return NULL;
	text = g_string_new(NULL);
	rc = read_all(fd, text);
	close(fd);
	if (rc) {
		g_string_free(text, TRUE);
		errno = -rc;
		return NULL;
	}
	if (text->len && text->str[text->len - 1] == '\n')
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

void file_peek_at(int directory, const char *name, char *text, size_t size)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);

	text[MAX(length, 0)] = '\0';
	if (fd >= 0)
		close(fd);
}

char *file_read(const char *root, const char *format, ...)
{
	FORMATTED_PATH;
	return file_read_at(AT_FDCWD, path);
}

uint64_t file_number(const char *root, uint64_t otherwise, const char *format, ...)
{
	FORMATTED_PATH;
	g_autofree char *text = file_read_at(AT_FDCWD, path);
	const char *at = text;
	uint64_t number;

	return text && number_take(&at, 0, UINT64_MAX, &number) ? number : otherwise;
}

bool file_exists(const char *root, const char *format, ...)
{
	FORMATTED_PATH;
	return !access(path, F_OK);
}

int file_each(const char *root, void (*each)(const char *name, void *arg), void *arg,
	      const char *format, ...)
{
	FORMATTED_PATH;
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			each(entry->d_name, arg);
	closedir(directory);
	return 0;
}

int file_replace(const char *root, const char *text, const char *format, ...)
{
	FORMATTED_PATH;
	g_autofree char *directory = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	if (!text)
		return g_unlink(path) && errno != ENOENT ? -errno : 0;
	if (g_mkdir_with_parents(directory, 0755))
		return -errno;
	errno = EIO;
	if (g_file_set_contents(path, text, -1, &error))
		return 0;
	return errno ? -errno : -EIO;
}
