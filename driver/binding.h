/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding of queues. The AP bus binds queues to the driver, which shows their
 * attributes, and unbinds them.
 */
#ifndef VFIO_AP_BINDING_H
#define VFIO_AP_BINDING_H

struct ap_device;

/* Return 0, -ENOMEM, or the error of vfio_ap_registry_add(). */
int vfio_ap_binding_probe(struct ap_device *apdev);
/*
 * Unbind the queue after its guest has given it up and it has been reset. The
 * wait for the reset is bounded by reset_timeout_ms.
 */
void vfio_ap_binding_remove(struct ap_device *apdev);

#endif
