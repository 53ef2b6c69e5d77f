// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"

#include <glib.h>
#include <unistd.h>

#include "status.h"

/* Paths relative to the directory of the program */
static const char *const directories[] = { ".", "..", "../lib/swcex", "../libexec/swcex", "../sbin", "../share/swcex" };

char *place_find(const char *name)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *own = g_path_get_dirname(program ? program : ".");

	for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
		char *path = g_build_filename(own, directories[i], name, NULL);

		if (!access(path, R_OK))
			return path;
		g_free(path);
	}
	complain("%s is neither in %s nor in ../lib/swcex beside it; in a checkout, `make all` makes it", name, own);
	return NULL;
}

char *place_cache(void)
{
	return g_build_filename(g_get_user_cache_dir(), "swcex", NULL);
}
