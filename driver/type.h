/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The type of mediated devices, vfio_ap-passthrough: they are created on the device matrix.
 */
#ifndef VFIO_AP_TYPE_H
#define VFIO_AP_TYPE_H

struct mdev_driver;

extern struct mdev_driver vfio_ap_type_driver;

/* Returns 0 or a negative error number; then there is nothing to clean up. */
int vfio_ap_type_setup(void);
/* Removes all mediated devices, and waits for their users. */
void vfio_ap_type_cleanup(void);

#endif
