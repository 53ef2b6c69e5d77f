/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's AP bus: its configuration, and the AP driver by which the bus
 * binds queues, reclaims them and reports changes.
 */
#ifndef VFIO_AP_HOST_H
#define VFIO_AP_HOST_H

/*
 * Read what the machine has and can have. Return 0, -ENODEV (there are no AP
 * instructions), -ENOMEM, or the error of QCI.
 */
int vfio_ap_host_setup(void);
void vfio_ap_host_cleanup(void);

/*
 * Register the AP driver, to which the bus binds queues from then on. Return 0
 * or a negative error number.
 */
int vfio_ap_host_register(void);
/* Unregister the AP driver. All queues are unbound when this returns. */
void vfio_ap_host_unregister(void);

#endif
