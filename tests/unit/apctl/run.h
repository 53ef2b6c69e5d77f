/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running apctl on the tree of kernel.h, with its output in out_text and
 * err_text.
 */
#ifndef TESTS_APCTL_RUN_H
#define TESTS_APCTL_RUN_H

#include "apctl/commands.h"
#include "tests/unit/apctl/kernel.h"

static char *out_text, *err_text;

static void run_clean(void)
{
	free(out_text);
	free(err_text);
	out_text = err_text = NULL;
}

/*
 * Run a command line, whose words are separated by spaces. Return the exit
 * status.
 */
static int run_line(const char *line)
{
	g_autofree char *all = g_strconcat("apctl", *line ? " " : "", line, NULL);
	g_auto(GStrv) words = g_strsplit(all, " ", -1);
	size_t out_size, err_size;
	FILE *out, *err;
	int status;

	run_clean();
	g_setenv("APCTL_ROOT", kernel.root, TRUE);
	out = open_memstream(&out_text, &out_size);
	err = open_memstream(&err_text, &err_size);
	status = apctl(g_strv_length(words), words, out, err);
	fclose(out);
	fclose(err);
	return status;
}

/* State that apctl ends with this exit status; print its output otherwise. */
#define expect(status, line)							\
	do {									\
		int seen = run_line(line);						\
										\
		if (seen != (status))						\
			fail_msg("apctl %s ended with %d:\n%s%s", line, seen,	\
				 out_text, err_text);				\
	} while (0)

#define says(text)								\
	do {									\
		if (!strstr(out_text, text))					\
			fail_msg("\"%s\" is missing in:\n%s%s", text, out_text,	\
				 err_text);					\
	} while (0)

#define complains(text)								\
	do {									\
		if (!strstr(err_text, text))					\
			fail_msg("\"%s\" is missing in:\n%s", text, err_text);	\
	} while (0)

static int run_stop(void **state)
{
	run_clean();
	return kernel_stop(state);
}

#endif
