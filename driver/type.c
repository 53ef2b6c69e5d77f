// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mdev.h>
#include <linux/module.h>

#include "matrix_dev.h"
#include "mdev.h"
#include "registry.h"
#include "requests.h"
#include "sysfs.h"
#include "type.h"
#include "vfio.h"

#define MAX_MDEVS 65536

static void unlist(struct matrix_mdev *m)
{
	vfio_ap_registry_unlist(m);
	/* No refresh is requested after unlisting. */
	if (cancel_work_sync(&m->refresh_work))
		vfio_ap_refresh_done();
}

static int mdev_probe(struct mdev_device *mdev)
{
	struct matrix_mdev *m;
	int rc;

	m = vfio_alloc_device(matrix_mdev, vdev, &mdev->dev, &vfio_ap_vfio_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	dev_set_drvdata(&mdev->dev, m);
	vfio_ap_registry_list(m);
	rc = vfio_register_emulated_iommu_dev(&m->vdev);
	if (rc) {
		unlist(m);
		vfio_put_device(&m->vdev);
	}
	return rc;
}

static void keep_refusal(struct matrix_mdev *m)
{
	struct matrix_dev *matrix = vfio_ap_matrix_dev;

	mutex_lock(&m->lock);
	mutex_lock(&matrix->lock);
	vfio_ap_refusal_keep(&matrix->removed, &m->refusal);
	mutex_unlock(&matrix->lock);
	mutex_unlock(&m->lock);
}

static void mdev_remove(struct mdev_device *mdev)
{
	struct matrix_mdev *m = dev_get_drvdata(&mdev->dev);

	/*
	 * Wait for the user of the device. Its queues were reset when it was
	 * closed.
	 */
	vfio_unregister_group_dev(&m->vdev);
	/*
	 * The device cannot be opened any more, so nothing has to be claimed
	 * for it.
	 */
	unlist(m);
	/*
	 * mdevctl removes a device that it could not start, and its
	 * administrator still finds the reason.
	 */
	keep_refusal(m);
	vfio_put_device(&m->vdev);
}

struct mdev_driver vfio_ap_type_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.max_instances = MAX_MDEVS,
	.driver = {
		.name = "vfio_ap_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vfio_ap_sysfs_groups,
	},
	.probe = mdev_probe,
	.remove = mdev_remove,
};

int vfio_ap_type_setup(void)
{
	struct matrix_dev *matrix = vfio_ap_matrix_dev;
	int rc = mdev_register_driver(&vfio_ap_type_driver);

	if (rc)
		return rc;
	matrix->type.sysfs_name = "passthrough";
	matrix->type.pretty_name = "VFIO AP Passthrough Device";
	matrix->types[0] = &matrix->type;
	rc = mdev_register_parent(&matrix->parent, &matrix->device, &vfio_ap_type_driver,
				  matrix->types, 1);
	if (rc)
		mdev_unregister_driver(&vfio_ap_type_driver);
	return rc;
}

void vfio_ap_type_cleanup(void)
{
	mdev_unregister_parent(&vfio_ap_matrix_dev->parent);
	mdev_unregister_driver(&vfio_ap_type_driver);
}
