// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sysfs.h>

#include "mdev.h"

int vfio_ap_mdev_init(struct matrix_mdev *m, work_func_t refresh)
{
	mutex_init(&m->lock);
	INIT_WORK(&m->refresh_work, refresh);
	vfio_ap_pins_init(&m->pins, &m->vdev, &m->guest);
	m->active = true;
	return vfio_ap_refusal_init(&m->refusal, m->vdev.dev);
}

void vfio_ap_mdev_release(struct matrix_mdev *m)
{
	vfio_ap_refusal_free(&m->refusal);
	mutex_destroy(&m->lock);
	vfio_device_released(&m->vdev);
}

void vfio_ap_mdev_notify_matrix(struct matrix_mdev *m)
{
	struct kobject *kobj = &m->vdev.dev->kobj;

	sysfs_notify(kobj, NULL, "matrix");
	sysfs_notify(kobj, NULL, "control_domains");
	sysfs_notify(kobj, NULL, "ap_config");
}

void vfio_ap_mdev_notify_guest(struct matrix_mdev *m)
{
	struct kobject *kobj = &m->vdev.dev->kobj;

	sysfs_notify(kobj, NULL, "guest_matrix");
	sysfs_notify(kobj, NULL, "guest_control_domains");
}
