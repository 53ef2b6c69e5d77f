// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>

#include "matrix_dev.h"
#include "registry.h"

/*
 * The first three features are those of the in-tree driver. docs/ABI says what
 * each promises.
 */
#define FEATURES \
	"guest_matrix hotplug ap_config activate ranges refusal condition control_usage_domains " \
	"hwinfo"

struct matrix_dev *vfio_ap_matrix_dev;

static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", FEATURES);
}
static DEVICE_ATTR_RO(features);

static ssize_t refusal_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct matrix_dev *matrix = container_of(dev, struct matrix_dev, device);
	ssize_t length;

	mutex_lock(&matrix->lock);
	length = vfio_ap_refusal_emit(&matrix->refusal, buf, 0);
	length += vfio_ap_refusal_emit(&matrix->removed, buf, length);
	mutex_unlock(&matrix->lock);
	return length;
}
static DEVICE_ATTR_RO(refusal);

static ssize_t unready_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", vfio_ap_registry_count_unready());
}
static DEVICE_ATTR_RO(unready);

static struct attribute *matrix_attrs[] = {
	&dev_attr_features.attr,
	&dev_attr_refusal.attr,
	&dev_attr_unready.attr,
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

static void matrix_release(struct device *dev)
{
	struct matrix_dev *matrix = container_of(dev, struct matrix_dev, device);

	vfio_ap_refusal_free(&matrix->removed);
	vfio_ap_refusal_free(&matrix->refusal);
	mutex_destroy(&matrix->lock);
	kfree(matrix);
}

static int matrix_add(struct device *root)
{
	struct matrix_dev *matrix = kzalloc(sizeof(*matrix), GFP_KERNEL);
	struct device *dev;
	int rc;

	if (!matrix)
		return -ENOMEM;
	mutex_init(&matrix->lock);
	dev = &matrix->device;
	dev->parent = root;
	dev->bus = &matrix_bus;
	dev->release = matrix_release;
	device_initialize(dev);
	rc = vfio_ap_refusal_init(&matrix->refusal, dev);
	if (!rc)
		rc = vfio_ap_refusal_init(&matrix->removed, dev);
	if (!rc)
		rc = dev_set_name(dev, "matrix");
	if (!rc)
		rc = device_add(dev);
	if (rc)
		put_device(dev);
	else
		vfio_ap_matrix_dev = matrix;
	return rc;
}

int vfio_ap_matrix_dev_setup(void)
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
	device_unregister(&vfio_ap_matrix_dev->device);
unregister_bus:
	bus_unregister(&matrix_bus);
unregister_root:
	root_device_unregister(root);
	return rc;
}

void vfio_ap_matrix_dev_cleanup(void)
{
	struct device *root = vfio_ap_matrix_dev->device.parent;

	driver_unregister(&matrix_driver);
	device_unregister(&vfio_ap_matrix_dev->device);
	bus_unregister(&matrix_bus);
	root_device_unregister(root);
}
