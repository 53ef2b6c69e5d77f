/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vfio-ap mediated device, opened in the steps in which QEMU opens one:
 * group, container, KVM, device, interrupts, reset.
 */
#ifndef FRONTEND_VFIO_H
#define FRONTEND_VFIO_H

#include <stdbool.h>

#include "kvm.h"
#include "options.h"

/*
 * Descriptors, -1 if not open. @request becomes readable when the host wants
 * the device back, @changed when the guest's AP configuration has changed.
 */
struct vfio {
	char name[PATH_MAX];	/* the device's */
	int group, container, device;
	int request, changed;
};

/* Open the device of @options for the VM @kvm. Reports what fails. */
bool vfio_open(struct vfio *vfio, const struct options *options, const struct kvm *kvm);

/* The same without interrupts and without the reset. */
bool vfio_attach(struct vfio *vfio, const struct options *options, const struct kvm *kvm);

/* A struct vfio without a device, for a guest that has none. */
void vfio_init(struct vfio *vfio);
void vfio_close(struct vfio *vfio);

#endif /* FRONTEND_VFIO_H */
