/* SPDX-License-Identifier: GPL-2.0-only */
/* A temporary directory for a test, and files in it. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <stdio.h>

static char *scratch;

static inline int scratch_setup(void **state)
{
	(void)state;
	scratch = g_dir_make_tmp("scratch-XXXXXX", NULL);
	return !scratch;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int flag,
				     struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int scratch_teardown(void **state)
{
	int failed = nftw(scratch, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);

	(void)state;
	g_free(scratch);
	return failed;
}

/*
 * Return the path of a file in the directory, which the caller frees by
 * g_free().
 */
static inline char *scratch_path(const char *name)
{
	return g_build_filename(scratch, name, NULL);
}

static inline void scratch_write(const char *name, const char *text)
{
	g_autofree char *path = scratch_path(name);

	assert_true(g_file_set_contents(path, text, -1, NULL));
}

/*
 * Return the text of a file, which the caller frees by g_free(), or NULL if
 * there is no such file.
 */
static inline char *scratch_read(const char *name)
{
	g_autofree char *path = scratch_path(name);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

#endif /* SCRATCH_H */
