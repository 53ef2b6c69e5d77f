/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a mediated device. The driver data of the device is its
 * struct matrix_mdev.
 */
#ifndef VFIO_AP_SYSFS_H
#define VFIO_AP_SYSFS_H

struct attribute_group;

extern const struct attribute_group *vfio_ap_sysfs_groups[];

#endif
