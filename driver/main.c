// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_ap: hands AP queues of the host to guests.
 *
 * This file puts the parts together: the AP driver whose queues they are, the
 * device "matrix" on a bus of its own, and the type of mediated devices.
 */
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <asm/facility.h>

#include "ap_bus.h"
#include "dbf.h"
#include "irq.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"
#include "reset.h"

#define FACILITY_QCI 12

/* The first three are the in-tree driver's; docs/ABI says what they promise. */
#define FEATURES "guest_matrix hotplug ap_config activate ranges refusal usage_is_control"

/* The device that mediated devices are created on; its refusals are the host's. */
struct matrix_dev {
	struct device device;
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *types[1];
	struct refusal refusal;		/* registry.lock */
};

static struct matrix_dev *matrix_dev;

static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", FEATURES);
}
static DEVICE_ATTR_RO(features);

static ssize_t refusal_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ssize_t length;

	mutex_lock(&registry.lock);
	length = refusal_emit(&matrix_dev->refusal, buf);
	mutex_unlock(&registry.lock);
	return length;
}
static DEVICE_ATTR_RO(refusal);

static struct attribute *matrix_attrs[] = {
	&dev_attr_features.attr,
	&dev_attr_refusal.attr,
	NULL,
};
ATTRIBUTE_GROUPS(matrix);

static BUS_TYPE matrix_bus = {
	.name = "matrix",
};

static struct device_driver matrix_driver = {
	.name = "vfio_ap",
	.bus = &matrix_bus,
	.suppress_bind_attrs = true,
	.dev_groups = matrix_groups,
};

static void mask_import(struct ap_mask *mask, const unsigned long *bits)
{
	memcpy(mask, bits, sizeof(*mask));
}

/* The host wants these queues: called with ap_reservation_mutex held. */
static int driver_in_use(unsigned long *apm, unsigned long *aqm)
{
	struct matrix wanted = {};
	bool claimed, tainted;

	mask_import(&wanted.apm, apm);
	mask_import(&wanted.aqm, aqm);
	mutex_lock(&registry.lock);
	refusal_begin(&matrix_dev->refusal, "apmask or aqmask:");
	claimed = registry_name_claims(&wanted, NULL, &matrix_dev->refusal);
	tainted = registry_name_tainted(&wanted, &matrix_dev->refusal);
	mutex_unlock(&registry.lock);
	if (!claimed && !tainted)
		return 0;
	dbf_event(DBF_WARN, "queues are kept from the host: assigned %d, not zeroized %d",
		  claimed, tainted);
	return -EADDRINUSE;
}

static void set_host(const struct ap_config_info *info, bool scanning)
{
	dbf_event(DBF_INFO, "the AP configuration has changed, its scan %s",
		  scanning ? "begins" : "is over");
	mutex_lock(&registry.lock);
	registry_set_host(info);
	registry.scanning = scanning;
	mutex_unlock(&registry.lock);
	registry_refresh();
}

/* The scan starts: what is gone leaves the guests now, before its devices go. */
static void driver_on_config_changed(struct ap_config_info *now, struct ap_config_info *before)
{
	set_host(now, true);
}

/* The scan is over: what came is bound, guests get it in one go. */
static void driver_on_scan_complete(struct ap_config_info *now, struct ap_config_info *before)
{
	set_host(now, false);
}

#define QUEUE_ID(_type) \
	{ .dev_type = AP_DEVICE_TYPE_##_type, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE }

static struct ap_device_id queue_ids[] = {
	QUEUE_ID(CEX4),
	QUEUE_ID(CEX5),
	QUEUE_ID(CEX6),
	QUEUE_ID(CEX7),
	QUEUE_ID(CEX8),
	{},
};
MODULE_DEVICE_TABLE(ap, queue_ids);

static struct ap_driver queue_driver = {
	.probe = queue_probe,
	.remove = queue_remove,
	.in_use = driver_in_use,
	.on_config_changed = driver_on_config_changed,
	.on_scan_complete = driver_on_scan_complete,
	.ids = queue_ids,
};

static int read_configuration(void)
{
	struct ap_config_info info;
	int rc;

	if (!test_facility(FACILITY_QCI))
		return registry_setup(NULL);
	rc = ap_qci(&info);
	return rc ? rc : registry_setup(&info);
}

/* The ap bus tells of changes only since the driver is registered. */
static void read_configuration_again(void)
{
	struct ap_config_info info;

	if (!test_facility(FACILITY_QCI) || ap_qci(&info))
		return;
	mutex_lock(&registry.lock);
	registry_set_host(&info);
	mutex_unlock(&registry.lock);
}

static void matrix_release(struct device *dev)
{
	struct matrix_dev *matrix = container_of(dev, struct matrix_dev, device);

	refusal_free(&matrix->refusal);
	kfree(matrix);
}

static int matrix_add(struct device *root)
{
	struct device *dev;
	int rc;

	matrix_dev = kzalloc(sizeof(*matrix_dev), GFP_KERNEL);
	if (!matrix_dev)
		return -ENOMEM;
	dev = &matrix_dev->device;
	dev->parent = root;
	dev->bus = &matrix_bus;
	dev->release = matrix_release;
	device_initialize(dev);
	rc = refusal_init(&matrix_dev->refusal, dev);
	if (!rc)
		rc = dev_set_name(dev, "matrix");
	if (!rc)
		rc = device_add(dev);
	if (rc)
		put_device(dev);
	return rc;
}

static int matrix_setup(void)
{
	struct device *root = root_device_register("vfio_ap");
	int rc;

	if (IS_ERR(root))
		return PTR_ERR(root);
	rc = bus_register(&matrix_bus);
	if (rc)
		goto unregister_root;
	rc = matrix_add(root);
	if (rc)
		goto unregister_bus;
	rc = driver_register(&matrix_driver);
	if (rc)
		goto unregister_device;
	return 0;

unregister_device:
	device_unregister(&matrix_dev->device);
unregister_bus:
	bus_unregister(&matrix_bus);
unregister_root:
	root_device_unregister(root);
	return rc;
}

static void matrix_cleanup(void)
{
	struct device *root = matrix_dev->device.parent;

	driver_unregister(&matrix_driver);
	device_unregister(&matrix_dev->device);
	bus_unregister(&matrix_bus);
	root_device_unregister(root);
}

static int type_setup(void)
{
	int rc = mdev_register_driver(&matrix_mdev_driver);

	if (rc)
		return rc;
	matrix_dev->type.sysfs_name = "passthrough";
	matrix_dev->type.pretty_name = "VFIO AP Passthrough Device";
	matrix_dev->types[0] = &matrix_dev->type;
	rc = mdev_register_parent(&matrix_dev->parent, &matrix_dev->device, &matrix_mdev_driver,
				  matrix_dev->types, 1);
	if (rc)
		mdev_unregister_driver(&matrix_mdev_driver);
	return rc;
}

static void type_cleanup(void)
{
	mdev_unregister_parent(&matrix_dev->parent);
	mdev_unregister_driver(&matrix_mdev_driver);
}

static int __init vfio_ap_init(void)
{
	int rc;

	if (!ap_instructions_available())
		return -ENODEV;
	rc = read_configuration();
	if (rc)
		return rc;
	rc = dbf_setup();
	if (rc)
		goto clean_registry;
	rc = reset_setup();
	if (rc)
		goto clean_dbf;
	rc = irq_setup();
	if (rc)
		goto clean_reset;
	rc = matrix_mdev_setup();
	if (rc)
		goto clean_irq;
	rc = matrix_setup();
	if (rc)
		goto clean_mdev;
	rc = ap_driver_register(&queue_driver, THIS_MODULE, "vfio_ap");
	if (rc)
		goto clean_matrix;
	read_configuration_again();
	rc = type_setup();
	if (rc)
		goto unregister_queues;
	return 0;

unregister_queues:
	ap_driver_unregister(&queue_driver);
clean_matrix:
	matrix_cleanup();
clean_mdev:
	matrix_mdev_cleanup();
clean_irq:
	irq_cleanup();
clean_reset:
	reset_cleanup();
clean_dbf:
	dbf_cleanup();
clean_registry:
	registry_cleanup();
	return rc;
}

static void __exit vfio_ap_exit(void)
{
	type_cleanup();
	queues_reset_finally();
	ap_driver_unregister(&queue_driver);
	matrix_cleanup();
	matrix_mdev_cleanup();
	irq_cleanup();
	reset_cleanup();
	dbf_cleanup();
	registry_cleanup();
}

module_init(vfio_ap_init);
module_exit(vfio_ap_exit);

MODULE_DESCRIPTION("Passes AP queues through to guests");
MODULE_LICENSE("GPL");
