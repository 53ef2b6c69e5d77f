// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <asm/facility.h>

#include "ap_bus.h"
#include "binding.h"
#include "dbf.h"
#include "host.h"
#include "matrix_dev.h"
#include "registry.h"
#include "tables.h"

#define FACILITY_QCI 12

static void mask_import(struct ap_mask *mask, const unsigned long *bits)
{
	memcpy(mask, bits, sizeof(*mask));
}

/**
 * host_in_use() - decide whether the host may have queues
 * @apm: mask of their adapters
 * @aqm: mask of their domains
 *
 * The AP bus calls this when a write to apmask or aqmask asks for queues.
 * Why it is refused can be read from the attribute refusal.
 *
 * Context: The bus holds ap_reservation_mutex.
 * Return: 0, or -EADDRINUSE if one of the queues is assigned to a device or
 * holds what a guest has left.
 */
static int host_in_use(unsigned long *apm, unsigned long *aqm)
{
	struct matrix_dev *matrix = vfio_ap_matrix_dev;
	struct matrix wanted = {};
	char *refusal;
	bool withheld;

	mask_import(&wanted.apm, apm);
	mask_import(&wanted.aqm, aqm);
	mutex_lock(&matrix->lock);
	vfio_ap_refusal_begin(&matrix->refusal, "apmask or aqmask");
	withheld = vfio_ap_registry_withholds(&wanted, &matrix->refusal);
	refusal = vfio_ap_refusal_copy(&matrix->refusal);
	mutex_unlock(&matrix->lock);
	vfio_ap_refusal_log(&matrix->device, refusal);
	if (!withheld)
		return 0;
	dbf_event(DBF_WARN, "queues are kept from the host");
	return -EADDRINUSE;
}

/**
 * host_on_config_changed() - adopt another AP configuration before its scan
 * @now: the configuration that the scan has found
 * @before: the one before it
 *
 * Queues that are gone leave the guests before their devices are removed.
 *
 * Context: The bus holds ap_scan_bus_mutex.
 */
static void host_on_config_changed(struct ap_config_info *now, struct ap_config_info *before)
{
	dbf_event(DBF_INFO, "the AP configuration has changed, its scan begins");
	vfio_ap_registry_zeroize_returned(now);
	vfio_ap_registry_set_host(now, true);
}

/**
 * host_on_scan_complete() - give guests what a scan has brought
 * @now: the configuration that the scan has found
 * @before: the one before it
 *
 * Queues that have come back are bound by now, and guests get them in one
 * change.
 *
 * Context: The bus holds ap_scan_bus_mutex.
 */
static void host_on_scan_complete(struct ap_config_info *now, struct ap_config_info *before)
{
	dbf_event(DBF_INFO, "the AP configuration has changed, its scan is over");
	vfio_ap_registry_set_host(now, false);
}

#define QUEUE_ID(_type) \
	{ .dev_type = AP_DEVICE_TYPE_##_type, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE }

/*
 * There is no MODULE_DEVICE_TABLE(): it would make every machine with an
 * adapter, and every guest, load this module, mdev and vfio, and that before
 * the masks are set. The udev rule of chzdev loads the module after that.
 */
static struct ap_device_id queue_ids[] = {
	QUEUE_ID(CEX4),
	QUEUE_ID(CEX5),
	QUEUE_ID(CEX6),
	QUEUE_ID(CEX7),
	QUEUE_ID(CEX8),
	{},
};

static struct ap_driver queue_driver = {
	.probe = vfio_ap_binding_probe,
	.remove = vfio_ap_binding_remove,
	.in_use = host_in_use,
	.on_config_changed = host_on_config_changed,
	.on_scan_complete = host_on_scan_complete,
	.ids = queue_ids,
};

int vfio_ap_host_setup(void)
{
	struct ap_config_info info;
	int rc;

	if (!ap_instructions_available())
		return -ENODEV;
	if (!test_facility(FACILITY_QCI))
		return vfio_ap_tables_setup(NULL);
	rc = ap_qci(&info);
	return rc ? rc : vfio_ap_tables_setup(&info);
}

void vfio_ap_host_cleanup(void)
{
	vfio_ap_tables_cleanup();
}

/* The AP bus reports changes only after the driver is registered. */
static void read_configuration_again(void)
{
	struct ap_config_info info;

	if (test_facility(FACILITY_QCI) && !ap_qci(&info))
		vfio_ap_registry_read_host(&info);
}

int vfio_ap_host_register(void)
{
	int rc = ap_driver_register(&queue_driver, THIS_MODULE, "vfio_ap");

	if (!rc)
		read_configuration_again();
	return rc;
}

void vfio_ap_host_unregister(void)
{
	/*
	 * All queues are reset at the same time; the bus then unbinds them one
	 * by one.
	 */
	vfio_ap_registry_reset_all_finally();
	ap_driver_unregister(&queue_driver);
}
