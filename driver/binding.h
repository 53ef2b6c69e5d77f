/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding of queues. The AP bus binds queues to the driver, which shows their
 * attributes, and unbinds them.
 */
#ifndef VFIO_AP_BINDING_H
#define VFIO_AP_BINDING_H

struct ap_device;

/**
 * vfio_ap_binding_probe() - take a queue that the AP bus has for this driver
 * @apdev: the queue
 *
 * Its first reset begins, after which a guest can have it.
 *
 * Context: The driver core holds the lock of the queue's device.
 * Return: 0, -ENOMEM, or the error of vfio_ap_registry_add().
 */
int vfio_ap_binding_probe(struct ap_device *apdev);
/**
 * vfio_ap_binding_remove() - give a queue back to the AP bus
 * @apdev: the queue
 *
 * The queue's guest gives it up, and it is reset. The wait for the reset is
 * bounded by reset_timeout_ms; a process that waits for the guest can be killed.
 *
 * Context: The driver core holds the lock of the queue's device.
 */
void vfio_ap_binding_remove(struct ap_device *apdev);

#endif
