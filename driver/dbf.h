/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The debug feature "vfio_ap": what the driver met, in
 * /sys/kernel/debug/s390dbf/vfio_ap/sprintf, for who looks for the cause of a trouble.
 */
#ifndef VFIO_AP_DBF_H
#define VFIO_AP_DBF_H

#include <asm/debug.h>

/* Levels; up to which events are kept is in s390dbf/vfio_ap/level, at first DBF_INFO. */
enum { DBF_ERR = 3, DBF_WARN, DBF_INFO, DBF_DEBUG };

extern debug_info_t *vfio_ap_dbf;

/* Arguments are numbers, or strings that are constant: they are formatted when somebody reads. */
#define dbf_event(level, format, ...) \
	debug_sprintf_event(vfio_ap_dbf, level, format "\n", ##__VA_ARGS__)

/* Returns 0 or -ENOMEM. */
int vfio_ap_dbf_setup(void);
void vfio_ap_dbf_cleanup(void);

#endif
