/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels. This file is included ahead of every other one.
 * The driver uses the names of capabilities, never the version of a kernel.
 */
#ifndef VFIO_AP_COMPAT_H
#define VFIO_AP_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0))
#error "vfio_ap is made for Linux 6.1, and for 6.12 and later"
#endif

/* The type of the bus that a driver points to, which is const since 6.9. */
#define BUS_TYPE typeof(*((struct device_driver *)NULL)->bus)

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)

#define ap_reset_and_zeroize(apqn) ap_zapq(apqn)
struct ap_tapq_hwinfo {
	unsigned long value;
};

#define ap_test_for_info(apqn, tbit, info) ap_test_queue(apqn, tbit, &(info)->value)
#define ap_irq_control struct ap_qirq_ctrl
#define qci_max_adapter(info) ((info)->Na)
#define qci_max_domain(info) ((info)->Nd)
/*
 * The response code belongs to an earlier instruction, which has failed since.
 */
#define ap_status_is_async(status) ((status)._pad1 & 1)
#define eventfd_signal_one(ctx) eventfd_signal(ctx, 1)
/* The driver has to free the device in its release callback. */
#define vfio_device_released(vdev) vfio_free_device(vdev)
#define VFIO_IOMMUFD_OPS
/*
 * Such a kernel cannot tell whether a protected guest shares a page, so none
 * counts as shared.
 */
#define uv_pin_shared(address) ((void)(address), -EOPNOTSUPP)

#else

#define ap_reset_and_zeroize(apqn) ap_zapq(apqn, 0)
#define ap_test_for_info(apqn, tbit, info) ap_test_queue(apqn, tbit, info)
#define ap_irq_control union ap_qirq_ctrl
#define qci_max_adapter(info) ((info)->na)
#define qci_max_domain(info) ((info)->nd)
#define ap_status_is_async(status) ((status).async)
#define eventfd_signal_one(ctx) eventfd_signal(ctx)
#define vfio_device_released(vdev) ((void)(vdev))
#define VFIO_IOMMUFD_OPS					\
	.bind_iommufd = vfio_iommufd_emulated_bind,		\
	.unbind_iommufd = vfio_iommufd_emulated_unbind,		\
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,	\
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,

#endif

/* Attributes of binary files are const since 6.17. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define BIN_ATTR_CONST
#else
#define BIN_ATTR_CONST const
#endif

/* The lock of the AP bus's masks, which determine what the host reserves. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define ap_reservation_mutex ap_perms_mutex
#else
#define ap_reservation_mutex ap_attr_mutex
#endif

/*
 * Single queues can be given to a driver by the attribute driver_override while
 * apmask and aqmask have their default values, which cannot be changed while
 * that is done.
 */
#ifndef AP_HAS_DRIVER_OVERRIDE
#define AP_HAS_DRIVER_OVERRIDE (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0))
#endif

#endif
