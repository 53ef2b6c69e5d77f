/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VFIO side of the mediated device, which a VMM opens for a guest of KVM.
 */
#ifndef VFIO_AP_VFIO_H
#define VFIO_AP_VFIO_H

struct vfio_device_ops;

extern const struct vfio_device_ops vfio_ap_vfio_ops;

#endif
