/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding of queues: the AP bus gives them to the driver, which shows their attributes, and takes
 * them back.
 */
#ifndef VFIO_AP_BINDING_H
#define VFIO_AP_BINDING_H

struct ap_device;

/* Returns 0, -ENOMEM or what the registration says. */
int vfio_ap_binding_probe(struct ap_device *apdev);
/* Waits until the guest has given the queue up and it was reset; bounded by reset_timeout_ms. */
void vfio_ap_binding_remove(struct ap_device *apdev);

#endif
