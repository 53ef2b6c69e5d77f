// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>

#include "dbf.h"

#define PAGES 4
#define MAX_ARGUMENTS 10	/* the format is one of them */

debug_info_t *dbf;

int dbf_setup(void)
{
	dbf = debug_register("vfio_ap", PAGES, 1, MAX_ARGUMENTS * sizeof(long));
	if (!dbf)
		return -ENOMEM;
	debug_register_view(dbf, &debug_sprintf_view);
	debug_set_level(dbf, DBF_INFO);
	return 0;
}

void dbf_cleanup(void)
{
	debug_unregister(dbf);
}
