/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The type of mediated devices, vfio_ap-passthrough. Its devices are created on
 * the device "matrix".
 */
#ifndef VFIO_AP_TYPE_H
#define VFIO_AP_TYPE_H

struct mdev_driver;

extern struct mdev_driver vfio_ap_type_driver;

/* Return 0, or a negative error number with nothing to clean up. */
int vfio_ap_type_setup(void);
/* Remove all mediated devices, and wait for their users. */
void vfio_ap_type_cleanup(void);

#endif
