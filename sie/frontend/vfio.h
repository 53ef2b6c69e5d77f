/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vfio-ap mediated device, opened by the same steps as QEMU does: group,
 * container, KVM, device, interrupts, reset.
 */
#ifndef FRONTEND_VFIO_H
#define FRONTEND_VFIO_H

#include <stdbool.h>

#include "device.h"
#include "kvm.h"

/*
 * Descriptors, -1 if not open. @request becomes readable when the host wants
 * the device back, and @changed when the guest's AP configuration has changed;
 * a driver may lack either of them.
 */
struct vfio {
	const struct kvm *kvm;
	char name[PATH_MAX];	/* of the device */
	int group, container, device;
	int request, changed;
};

/*
 * Open the device that @device describes for the VM @kvm, which has to outlive
 * it. Report errors and return false. A device that cannot be reset, or that
 * lacks an interrupt, is reported and opened nevertheless.
 */
bool vfio_open(struct vfio *vfio, const struct device *device, const struct kvm *kvm);

/*
 * Open the device without interrupts and without the reset. Report errors and
 * return false.
 */
bool vfio_attach(struct vfio *vfio, const struct device *device, const struct kvm *kvm);

/* Reset the device as a reset of the machine does. Report errors. */
void vfio_reset(const struct vfio *vfio);

/* Initialize @vfio without a device, for a guest that has none. */
void vfio_init(struct vfio *vfio);
bool vfio_is_open(const struct vfio *vfio);

/* Close the device. The VM continues, and can open this or another device. */
void vfio_close(struct vfio *vfio);

#endif /* FRONTEND_VFIO_H */
