// SPDX-License-Identifier: GPL-2.0-only
#include <linux/eventfd.h>
#include <linux/uaccess.h>

#include "apcb.h"
#include "aqic.h"
#include "dbf.h"
#include "mdev.h"
#include "registry.h"
#include "vfio.h"

static void refuse_open(struct matrix_mdev *m, int rc)
{
	struct refusal *refusal = &m->refusal;

	switch (rc) {
	case -EPERM:
		vfio_ap_refusal_add(refusal,
				    "the guest has another device of this type, remove that");
		break;
	case -EINVAL:
		vfio_ap_refusal_add(refusal,
				    "there is no guest, or it is ending: KVM has to run it");
		break;
	default:
		vfio_ap_refusal_add(refusal, "the kernel's KVM does not serve AP queues");
		break;
	}
}

static int attach(struct matrix_mdev *m)
{
	int rc = -EINVAL;

	lockdep_assert_held(&m->lock);
	/* Not logged, as it is no administrator who opens, and could do so for ever. */
	vfio_ap_refusal_begin(&m->refusal, "open");
	if (!m->active) {
		vfio_ap_refusal_add(&m->refusal,
				    "the device is staged, write 1 to activate first");
		return -ENODEV;
	}
	if (m->vdev.kvm)
		rc = vfio_ap_guest_attach(&m->guest, m->vdev.kvm, vfio_ap_aqic_hook);
	if (rc)
		refuse_open(m, rc);
	return rc;
}

/**
 * open_device() - give a guest the queues of its device
 * @vdev: the device
 *
 * The queues assigned to the device come to rest before the guest gets them, so
 * that the guest starts with all that it can have.
 *
 * Context: The VFIO core holds the lock of the device set.
 * Return: 0, -ENODEV if the device is staged, or the error of
 * vfio_ap_guest_attach().
 */
static int open_device(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);
	int rc;

	vfio_ap_apcb_prepare(m);
	mutex_lock(&m->lock);
	rc = attach(m);
	if (!rc) {
		m->open = true;
		vfio_ap_apcb_plug(m);
	}
	mutex_unlock(&m->lock);
	dbf_event(rc ? DBF_WARN : DBF_INFO, "vfio%u: opened: %d", vdev->index, rc);
	return rc;
}

/**
 * close_device() - take all queues from the guest
 * @vdev: the device
 *
 * All of them have come to rest when this returns.
 *
 * Context: The VFIO core holds the lock of the device set.
 */
static void close_device(struct vfio_device *vdev)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	/*
	 * The hook goes first, so that no AQIC pins anything later. This waits
	 * for calls in progress.
	 */
	vfio_ap_guest_unhook(&m->guest);
	mutex_lock(&m->lock);
	/* The queues leave the guest, and their resets begin. */
	vfio_ap_apcb_unplug(m);
	/*
	 * The last signal has been sent, and the next user has eventfds of its
	 * own.
	 */
	vfio_ap_eventfds_clear(&m->eventfds);
	mutex_unlock(&m->lock);
	/* Until the queues are reset, they may write to the guest's pages. */
	vfio_ap_registry_wait(m);
	/* Unpinning needs the guest's memory and its KVM. */
	vfio_ap_pins_wait(&m->pins);
	vfio_ap_guest_detach(&m->guest);
	mutex_lock(&m->lock);
	/* This comes last, as the device may be staged from then on. */
	m->open = false;
	vfio_ap_apcb_refresh(m);
	mutex_unlock(&m->lock);
	dbf_event(DBF_INFO, "vfio%u: closed", vdev->index);
}

/**
 * request() - ask the user of a device to close it
 * @vdev: the device, which is to be removed
 * @count: how often it was asked before
 *
 * The guest keeps its queues until the device is closed. The user of the device
 * may refuse, or need time in which the guest goes on; an administrator who
 * needs the queues at once unassigns or unbinds them.
 */
static void request(struct vfio_device *vdev, unsigned int count)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);
	bool asked;

	mutex_lock(&m->lock);
	asked = m->eventfds.irq[IRQ_REQUEST];
	vfio_ap_eventfds_signal(&m->eventfds, IRQ_REQUEST);
	mutex_unlock(&m->lock);
	if (asked)
		dev_notice_ratelimited(vdev->dev, "asked its user to release it (%u)\n", count);
	else if (!count)
		dev_notice(vdev->dev, "waiting until its user, who cannot be asked, releases it\n");
}

/**
 * dma_unmap() - let go of pages of a guest
 * @vdev: the device
 * @iova: first address of the guest that is unmapped
 * @length: number of bytes
 *
 * Context: The VFIO core holds device_list_lock.
 */
static void dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_ap_aqic_unmap(container_of(vdev, struct matrix_mdev, vdev), iova, length);
}

static long get_info(void __user *arg)
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

static long get_irq_info(void __user *arg)
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

static long set_eventfd(struct matrix_mdev *m, unsigned int irq, s32 fd)
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
	vfio_ap_eventfds_set(&m->eventfds, irq, trigger);
	mutex_unlock(&m->lock);
	return 0;
}

static long set_irqs(struct matrix_mdev *m, void __user *arg)
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
	return set_eventfd(m, set.index, fd);
}

/**
 * device_ioctl() - serve the user of a device
 * @vdev: the device
 * @cmd: VFIO_DEVICE_GET_INFO, _RESET, _GET_IRQ_INFO or _SET_IRQS
 * @arg: address of what the command takes and returns
 *
 * Return: 0 or a negative error number, -EOPNOTSUPP for any other @cmd.
 */
static long device_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct matrix_mdev *m = container_of(vdev, struct matrix_mdev, vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info((void __user *)arg);
	case VFIO_DEVICE_RESET:
		return vfio_ap_apcb_reset(m);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info((void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(m, (void __user *)arg);
	default:
		return -EOPNOTSUPP;
	}
}

static int init_device(struct vfio_device *vdev)
{
	return vfio_ap_mdev_init(container_of(vdev, struct matrix_mdev, vdev),
				 vfio_ap_apcb_refresh_work);
}

static void release_device(struct vfio_device *vdev)
{
	vfio_ap_mdev_release(container_of(vdev, struct matrix_mdev, vdev));
}

const struct vfio_device_ops vfio_ap_vfio_ops = {
	.name = "vfio_ap_mdev",
	.init = init_device,
	.release = release_device,
	.open_device = open_device,
	.close_device = close_device,
	.ioctl = device_ioctl,
	.dma_unmap = dma_unmap,
	.request = request,
	VFIO_IOMMUFD_OPS
};
