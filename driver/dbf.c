// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>

#include "dbf.h"

#define PAGES 4
#define MAX_ARGUMENTS 10	/* including the format */

debug_info_t *vfio_ap_dbf;

int vfio_ap_dbf_setup(void)
{
	vfio_ap_dbf = debug_register("vfio_ap", PAGES, 1, MAX_ARGUMENTS * sizeof(long));
	if (!vfio_ap_dbf)
		return -ENOMEM;
	debug_register_view(vfio_ap_dbf, &debug_sprintf_view);
	debug_set_level(vfio_ap_dbf, DBF_INFO);
	return 0;
}

void vfio_ap_dbf_cleanup(void)
{
	debug_unregister(vfio_ap_dbf);
}
