/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, included ahead of every file. The driver sees
 * the names of what a kernel can do, never its version.
 */
#ifndef VFIO_AP_COMPAT_H
#define VFIO_AP_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "vfio_ap needs Linux 6.1 or later"
#endif

/* The lock of the ap bus's masks, whose holder knows what the host reserves. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define ap_reservation_mutex ap_perms_mutex
#else
#define ap_reservation_mutex ap_attr_mutex
#endif

/* What drivers point to: constant from 6.9 on. */
#define BUS_TYPE typeof(*((struct device_driver *)NULL)->bus)

/* Constant binary attributes. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define BIN_ATTR_CONST
#else
#define BIN_ATTR_CONST const
#endif

/* Devices opened through iommufd. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define VFIO_IOMMUFD_OPS
#else
#define VFIO_IOMMUFD_OPS					\
	.bind_iommufd = vfio_iommufd_emulated_bind,		\
	.unbind_iommufd = vfio_iommufd_emulated_unbind,		\
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,	\
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif

/* Giving a protected guest back a page that it does not share. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define guest_reclaim_page(kvm, address) gmap_convert_to_secure((kvm)->arch.gmap, address)
#else
#define guest_reclaim_page(kvm, address) ((void)(kvm), (void)(address))
#endif

#endif
