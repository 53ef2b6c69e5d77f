/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's AP bus: its configuration, and the driver by which it gives queues, asks for them and
 * tells of changes.
 */
#ifndef VFIO_AP_HOST_H
#define VFIO_AP_HOST_H

/*
 * Read what the machine has and can have. Returns 0, -ENODEV (no AP instructions), -ENOMEM or
 * what QCI says.
 */
int vfio_ap_host_setup(void);
void vfio_ap_host_cleanup(void);

/* Have the bus give queues from now on. Returns 0 or a negative error number. */
int vfio_ap_host_register(void);
/* Returns when all queues are given back. */
void vfio_ap_host_unregister(void);

#endif
