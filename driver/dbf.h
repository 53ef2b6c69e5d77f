/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The debug feature "vfio_ap" records what happens in the driver, in
 * /sys/kernel/debug/s390dbf/vfio_ap/sprintf, for those who look for the cause
 * of a problem.
 */
#ifndef VFIO_AP_DBF_H
#define VFIO_AP_DBF_H

#include <asm/debug.h>

/*
 * Levels of events. The file s390dbf/vfio_ap/level has the highest level that
 * is recorded, which is DBF_INFO at first.
 */
enum { DBF_ERR = 3, DBF_WARN, DBF_INFO, DBF_DEBUG };

extern debug_info_t *vfio_ap_dbf;

/*
 * Record an event. Arguments must be numbers or constant strings, as they are
 * formatted only when the events are read.
 */
#define dbf_event(level, format, ...) \
	debug_sprintf_event(vfio_ap_dbf, level, format "\n", ##__VA_ARGS__)

/* Return 0 or -ENOMEM. */
int vfio_ap_dbf_setup(void);
void vfio_ap_dbf_cleanup(void);

#endif
