/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What holds of the mediated devices and their queues whatever happened to them, read from
 * sysfs. A violation is told as a sentence; NULL is none.
 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include <limits.h>

#define DEVICES		4
#define MATRIX_DEVICE	"/sys/devices/vfio_ap/matrix"
#define UUID_FORMAT	"%08u-2222-4222-8333-444444444444"
#define AP_BUS		"/sys/bus/ap"

/* The path of the device's @attribute, or of the device if that is "". */
const char *device_path(unsigned int device, const char *attribute);

/*
 * While anything is under way: no queue is in two devices' guest_matrix. Seen twice
 * because it moved from one to the other does not count.
 */
const char *violation_at_any_time(void);

/*
 * When nobody writes: a device's guest_matrix is the part of its matrix that exists, is
 * bound and is clean. Nothing of it is not; and nothing is left out that could be in it,
 * given that a guest has every combination of its adapters and domains. What the driver
 * still has under way is waited for, as long as its resets may take.
 */
const char *violation_at_rest(void);

#endif /* INVARIANTS_H */
