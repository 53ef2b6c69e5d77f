// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"

int attribute_write(const char *root, const char *text, const char *format, ...)
{
	g_autofree char *line = g_strconcat(text, "\n", NULL);
	g_autofree char *below = NULL;
	g_autofree char *path = NULL;
	va_list arguments;
	int fd, rc = 0;

	va_start(arguments, format);
	below = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	path = g_strconcat(root, below, NULL);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, line, strlen(line)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}
