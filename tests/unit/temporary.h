/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <glib.h>
#include <stdio.h>

/* Returns the path of @name where temporary files are (TMPDIR), good until the next call. */
static inline const char *temporary(const char *name)
{
	static char path[64];

	g_assert_cmpint(snprintf(path, sizeof(path), "%s/%s", g_get_tmp_dir(), name), <,
			sizeof(path));
	return path;
}

#endif /* TEMPORARY_H */
