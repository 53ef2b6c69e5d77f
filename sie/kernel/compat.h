/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels; this is included before every file. */
#ifndef SIE_COMPAT_H
#define SIE_COMPAT_H

#include <linux/version.h>

/* Linux 6.1 has VFIO files of groups only, with the same numbers. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vfio_file_is_valid(file) vfio_file_is_group(file)
#define KVM_DEV_VFIO_FILE KVM_DEV_VFIO_GROUP
#define KVM_DEV_VFIO_FILE_ADD KVM_DEV_VFIO_GROUP_ADD
#define KVM_DEV_VFIO_FILE_DEL KVM_DEV_VFIO_GROUP_DEL
#endif

/*
 * Whether KVM tells vfio_ap about a guest's storage, instead of gfn_to_hva(),
 * which KVM does not export then.
 */
#define KVM_TELLS_OF_STORAGE (LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))

#endif /* SIE_COMPAT_H */
