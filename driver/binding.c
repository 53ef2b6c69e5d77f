// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/sysfs.h>

#include "ap_bus.h"
#include "aqic.h"
#include "binding.h"
#include "dbf.h"
#include "event.h"
#include "matrix.h"
#include "queue.h"
#include "registry.h"
#include "reset.h"

static const char *use_of(const struct queue_status *status)
{
	if (status->owner)
		return "in use";
	return status->assigned ? "assigned" : "unassigned";
}

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct queue_status status = vfio_ap_registry_status(dev_get_drvdata(dev));

	return sysfs_emit(buf, "%s\n", use_of(&status));
}
static DEVICE_ATTR_RO(status);

static const char * const condition[] = {
	[QUEUE_RESETTING] = "resetting",
	[QUEUE_CLEAN] = "ready",
	[QUEUE_USED] = "ready",
	[QUEUE_UNAVAILABLE] = "unavailable",
	[QUEUE_QUARANTINED] = "quarantined",
};

/*
 * This is not part of the attribute status, whose readers know three words and
 * print them in a column.
 */
static ssize_t condition_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct queue_status status = vfio_ap_registry_status(dev_get_drvdata(dev));

	return sysfs_emit(buf, "%s\n", condition[status.phase]);
}
static DEVICE_ATTR_RO(condition);

/*
 * This is what the queue is for a guest, which executes TAPQ without the host.
 * The record needs no instruction, and is of the moment before a guest had it.
 */
static ssize_t hwinfo_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct queue_status status = vfio_ap_registry_status(dev_get_drvdata(dev));

	return status.hwinfo ? sysfs_emit(buf, "0x%016llx\n", status.hwinfo) : -ENODATA;
}
static DEVICE_ATTR_RO(hwinfo);

static struct attribute *queue_attrs[] = {
	&dev_attr_status.attr,
	&dev_attr_condition.attr,
	&dev_attr_hwinfo.attr,
	NULL,
};

static const struct attribute_group queue_group = {
	.attrs = queue_attrs,
};

int vfio_ap_binding_probe(struct ap_device *apdev)
{
	struct device *dev = &apdev->device;
	struct queue *q;
	int rc;

	q = vfio_ap_queue_new(to_ap_queue(dev), vfio_ap_reset_work);
	if (!q)
		return -ENOMEM;
	dev_set_drvdata(dev, q);
	rc = sysfs_create_group(&dev->kobj, &queue_group);
	if (rc)
		goto put;
	rc = vfio_ap_registry_add(q);
	if (rc)
		goto remove_group;
	dbf_event(DBF_INFO, APQN_FMT ": bound", APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn));
	return 0;

remove_group:
	sysfs_remove_group(&dev->kobj, &queue_group);
put:
	dev_set_drvdata(dev, NULL);
	vfio_ap_queue_put(q);
	return rc;
}

static void report_unbound(struct device *dev, const struct queue *q, bool kept)
{
	bool tainted = q->state.tainted;

	if (kept)
		dev_warn(dev, "its guest did not give it up: no driver gets it till it is configured anew\n");

	dbf_event(tainted ? DBF_ERR : DBF_INFO, APQN_FMT ": unbound, zeroized %d",
		  APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn), !tainted);
	if (tainted) {
		dev_warn(dev, "unbound with what a guest left: it could not be zeroized\n");
		vfio_ap_event_queue(dev, "unclean", q->apqn);
	}
}

void vfio_ap_binding_remove(struct ap_device *apdev)
{
	struct device *dev = &apdev->device;
	struct queue *q = dev_get_drvdata(dev);
	bool given_up, kept;

	/*
	 * The queue is still in the registry, where its device finds it to
	 * remove it from the guest.
	 */
	given_up = vfio_ap_registry_reclaim(q);
	/*
	 * This follows the removal, as the guest could otherwise use the queue
	 * again.
	 */
	if (given_up)
		vfio_ap_registry_reset_finally(q);
	/* No guest gets the queue any more, so no further reset begins, ... */
	if (given_up)
		vfio_ap_registry_remove(q);
	/* ... and the worker is at its last step, if at any. */
	cancel_delayed_work_sync(&q->reset_work);
	/*
	 * The guest cannot control the interruptions any more, but the queue
	 * may still write for them.
	 */
	if (!given_up)
		vfio_ap_aqic_abandon(q);
	/*
	 * A guest can still use the queue, which may have been unbound under
	 * it before: the driver core, whose lock of the device is held, gives
	 * the device to no other driver. The AP bus creates another device
	 * after the queue has been out of the configuration.
	 */
	kept = !given_up || vfio_ap_registry_is_orphaned(q->apqn);
	if (kept)
		kill_device(dev);
	/* The state is final only here, and is recorded and reported. */
	vfio_ap_registry_leave_behind(q);
	report_unbound(dev, q, kept);
	/*
	 * This waits for readers of status, who find the queue by the device.
	 */
	sysfs_remove_group(&dev->kobj, &queue_group);
	dev_set_drvdata(dev, NULL);
	/*
	 * AQIC and unmapping may still hold references of their own for a
	 * moment.
	 */
	vfio_ap_queue_put(q);
}
