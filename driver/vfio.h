/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated device as VFIO has it: opened by a VMM for a guest of KVM.
 */
#ifndef VFIO_AP_VFIO_H
#define VFIO_AP_VFIO_H

struct vfio_device_ops;

extern const struct vfio_device_ops vfio_ap_vfio_ops;

#endif
