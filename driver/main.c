// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_ap gives AP queues of the host to guests.
 *
 * This file assembles the parts: the workers, the device "matrix" on a bus of
 * its own, the AP driver to which the queues are bound, and the type of
 * mediated devices.
 */
#include <linux/module.h>

#include "dbf.h"
#include "guest.h"
#include "host.h"
#include "matrix_dev.h"
#include "pins.h"
#include "requests.h"
#include "type.h"

static int __init vfio_ap_init(void)
{
	int rc;

	rc = vfio_ap_guest_setup();
	if (rc)
		return rc;
	rc = vfio_ap_host_setup();
	if (rc)
		return rc;
	rc = vfio_ap_dbf_setup();
	if (rc)
		goto clean_host;
	rc = vfio_ap_requests_setup();
	if (rc)
		goto clean_dbf;
	rc = vfio_ap_pins_setup();
	if (rc)
		goto clean_requests;
	rc = vfio_ap_matrix_dev_setup();
	if (rc)
		goto clean_pins;
	rc = vfio_ap_host_register();
	if (rc)
		goto clean_matrix_dev;
	rc = vfio_ap_type_setup();
	if (rc)
		goto unregister_host;
	return 0;

unregister_host:
	vfio_ap_host_unregister();
clean_matrix_dev:
	vfio_ap_matrix_dev_cleanup();
clean_pins:
	vfio_ap_pins_cleanup();
clean_requests:
	vfio_ap_requests_cleanup();
clean_dbf:
	vfio_ap_dbf_cleanup();
clean_host:
	vfio_ap_host_cleanup();
	return rc;
}

static void __exit vfio_ap_exit(void)
{
	vfio_ap_type_cleanup();
	vfio_ap_host_unregister();
	vfio_ap_matrix_dev_cleanup();
	vfio_ap_pins_cleanup();
	vfio_ap_requests_cleanup();
	vfio_ap_dbf_cleanup();
	vfio_ap_host_cleanup();
}

module_init(vfio_ap_init);
module_exit(vfio_ap_exit);

MODULE_DESCRIPTION("Passes AP queues through to guests");
MODULE_LICENSE("GPL");
