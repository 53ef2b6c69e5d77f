// SPDX-License-Identifier: GPL-2.0-only
#include "postmortem.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "place.h"

/*
 * Copy the console's output to the cache. Return the path of the copy, or of
 * the original if that fails. The caller frees it.
 */
static char *keep(const char *console)
{
	g_autofree char *cache = place_cache();
	g_autofree char *directory = g_build_filename(cache, "consoles", NULL);
	g_autofree char *base = g_path_get_basename(console);
	g_autofree char *name = g_strdup_printf("%d-%s", getpid(), base);
	g_autofree char *text = NULL;
	char *kept = g_build_filename(directory, name, NULL);
	gsize length;

	g_mkdir_with_parents(directory, 0700);
	if (g_file_get_contents(console, &text, &length, NULL) &&
	    g_file_set_contents(kept, text, length, NULL))
		return kept;
	g_free(kept);
	return g_strdup(console);
}

void postmortem_tell(const struct console *console, const char *text, bool stays, const char *log)
{
	g_autofree char *kept = stays ? g_strdup(text) : keep(text), *said = NULL;

	if (g_file_get_contents(log, &said, NULL, NULL) && *g_strstrip(said))
		fprintf(stderr, "swcex run: QEMU said:\n%s\n", said);
	fprintf(stderr, "swcex run: the console's last lines, of %s:\n", kept);
	console_show(console);
}
