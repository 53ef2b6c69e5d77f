// SPDX-License-Identifier: GPL-2.0-only
#include <linux/eventfd.h>
#include <linux/uaccess.h>

#include "dbf.h"
#include "mdev.h"
#include "queue.h"

static void vfio_ap_refuse_open(struct matrix_mdev *m, int rc)
{
	switch (rc) {
	case -EPERM:
		refusal_note(&m->refusal, "the guest has another device of this type, remove that");
		break;
	case -EINVAL:
		refusal_note(&m->refusal, "there is no guest, or it is ending: KVM has to run it");
		break;
	default:
		refusal_note(&m->refusal, "the kernel's KVM does not serve AP queues");
		break;
	}
}

static int vfio_ap_attach(struct matrix_mdev *m)
{
	int rc = -EINVAL;

	lockdep_assert_held(&m->lock);
	refusal_begin(&m->refusal, "open:");
	if (!m->active) {
		refusal_note(&m->refusal, "the device is staged, write 1 to activate first");
		return -ENODEV;
	}
	if (m->vdev.kvm)
		rc = guest_attach(&m->guest, m->vdev.kvm, irq_hook);
	if (rc)
		vfio_ap_refuse_open(m, rc);
	return rc;
}

/*
 * The queues assigned to the device come to rest before the guest gets them, so
 * that it starts with all that it can have.
 */
static int vfio_ap_open(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);
	int rc;

	queues_wait(m);
	mutex_lock(&m->lock);
	rc = vfio_ap_attach(m);
	if (!rc) {
		m->open = true;
		matrix_mdev_plug(m);
	}
	mutex_unlock(&m->lock);
	dbf_event(rc ? DBF_WARN : DBF_INFO, "vfio%u: opened: %d", vdev->index, rc);
	return rc;
}

static void vfio_ap_set_trigger(struct matrix_mdev *m, unsigned int irq,
				struct eventfd_ctx *trigger)
{
	lockdep_assert_held(&m->lock);
	swap(m->irq[irq], trigger);
	if (trigger)
		eventfd_ctx_put(trigger);
}

/* The guest's interrupts need its memory and its KVM until the queues are reset. */
static void vfio_ap_close(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	guest_unhook(&m->guest);
	mutex_lock(&m->lock);
	matrix_mdev_unplug(m);
	for (int irq = 0; irq < NR_IRQS_OF_MDEV; irq++)
		vfio_ap_set_trigger(m, irq, NULL);
	mutex_unlock(&m->lock);
	queues_wait(m);
	irq_wait(m);
	guest_detach(&m->guest);
	mutex_lock(&m->lock);
	m->open = false;
	matrix_mdev_refresh(m);
	mutex_unlock(&m->lock);
	dbf_event(DBF_INFO, "vfio%u: closed", vdev->index);
}

void vfio_ap_signal(struct matrix_mdev *m, unsigned int irq)
{
	lockdep_assert_held(&m->lock);
	if (m->irq[irq])
		eventfd_signal_one(m->irq[irq]);
}

static void vfio_ap_request(struct vfio_device *vdev, unsigned int count)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	mutex_lock(&m->lock);
	if (m->irq[IRQ_REQUEST])
		dev_notice_ratelimited(vdev->dev, "asked its user to release it (%u)\n", count);
	else if (!count)
		dev_notice(vdev->dev, "waiting until its user, who cannot be asked, releases it\n");
	vfio_ap_signal(m, IRQ_REQUEST);
	mutex_unlock(&m->lock);
}

static void vfio_ap_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	irq_unmap(container_of(vdev, struct matrix_mdev, vdev), iova, length);
}

static long vfio_ap_get_info(void __user *arg)
{
	size_t size = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 0;
	info.num_irqs = NR_IRQS_OF_MDEV;
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}

static long vfio_ap_get_irq_info(void __user *arg)
{
	size_t size = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, size))
		return -EFAULT;
	if (info.argsz < size || info.index >= NR_IRQS_OF_MDEV)
		return -EINVAL;
	info.count = 1;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}

static long vfio_ap_set_eventfd(struct matrix_mdev *m, unsigned int irq, s32 fd)
{
	struct eventfd_ctx *trigger = NULL;

	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		trigger = eventfd_ctx_fdget(fd);
		if (IS_ERR(trigger))
			return PTR_ERR(trigger);
	}
	mutex_lock(&m->lock);
	vfio_ap_set_trigger(m, irq, trigger);
	mutex_unlock(&m->lock);
	return 0;
}

static long vfio_ap_set_irqs(struct matrix_mdev *m, void __user *arg)
{
	size_t size = offsetofend(struct vfio_irq_set, count), data_size;
	struct vfio_irq_set set;
	s32 fd;
	int rc;

	if (copy_from_user(&set, arg, size))
		return -EFAULT;
	rc = vfio_set_irqs_validate_and_prepare(&set, 1, NR_IRQS_OF_MDEV, &data_size);
	if (rc)
		return rc;
	if (set.flags != (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER) ||
	    data_size != sizeof(fd))
		return -EINVAL;
	if (copy_from_user(&fd, arg + size, sizeof(fd)))
		return -EFAULT;
	return vfio_ap_set_eventfd(m, set.index, fd);
}

static long vfio_ap_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return vfio_ap_get_info((void __user *)arg);
	case VFIO_DEVICE_RESET:
		return matrix_mdev_reset(m);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_ap_get_irq_info((void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return vfio_ap_set_irqs(m, (void __user *)arg);
	default:
		return -EOPNOTSUPP;
	}
}

const struct vfio_device_ops matrix_mdev_vfio_ops = {
	.name = "vfio_ap_mdev",
	.init = matrix_mdev_init,
	.release = matrix_mdev_release,
	.open_device = vfio_ap_open,
	.close_device = vfio_ap_close,
	.ioctl = vfio_ap_ioctl,
	.dma_unmap = vfio_ap_dma_unmap,
	.request = vfio_ap_request,
	VFIO_IOMMUFD_OPS
};
