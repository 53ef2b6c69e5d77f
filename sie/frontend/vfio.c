// SPDX-License-Identifier: GPL-2.0-only
#include "vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report.h"

/* Constants that are not in the header of every kernel which has the device */
#define REQUEST_INDEX	0
#define CHANGED_INDEX	1

struct opening {
	struct vfio *vfio;
	const struct device *description;
	char group_name[PATH_MAX];/* the number of the group */
};

/*
 * Report "-device vfio-ap,...: vfio UUID: what: why". The reason is that of
 * errno, unless it is 0.
 */
static bool __attribute__((format(printf, 2, 3)))
fail(const struct opening *o, const char *format, ...)
{
	const char *why = errno ? strerror(errno) : "";
	const char *colon = errno ? ": " : "";
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return report("-device %s: vfio %s: %s%s%s", o->description->text, o->vfio->name, what,
		      colon, why);
}

/* Report a failure, and what to do about it. */
static bool fail_hint(const struct opening *o, const char *what, const char *hint)
{
	fail(o, "%s", what);
	return report("%s", hint);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool find_device(struct opening *o)
{
	char path[PATH_MAX];

	snprintf(o->vfio->name, sizeof(o->vfio->name), "%s", last_part(o->description->sysfsdev));
	if (!realpath(o->description->sysfsdev, path))
		return fail_hint(o, "no such host device",
				 "make it by writing a UUID to create in /sys/devices/vfio_ap/matrix/"
				 "mdev_supported_types/vfio_ap-passthrough");
	snprintf(o->vfio->name, sizeof(o->vfio->name), "%s", last_part(path));
	return true;
}

static bool find_group(struct opening *o)
{
	char link[PATH_MAX + 16], target[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "%s/iommu_group", o->description->sysfsdev);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return fail_hint(o, "no iommu_group found",
				 "sysfsdev= names a mediated device, as in "
				 "/sys/devices/vfio_ap/matrix/UUID");
	target[length] = '\0';
	snprintf(o->group_name, sizeof(o->group_name), "%s", last_part(target));
	return true;
}

static bool open_group(struct opening *o)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "/dev/vfio/%s", o->group_name);
	o->vfio->group = open(path, O_RDWR | O_CLOEXEC);
	if (o->vfio->group < 0 && errno == EBUSY)
		return fail_hint(o, "failed to open the group",
				 "another VM uses the device; end that first");
	if (o->vfio->group < 0)
		return fail(o, "failed to open %.64s", path);
	if (ioctl(o->vfio->group, VFIO_GROUP_GET_STATUS, &status))
		return fail(o, "failed to get group %s status", o->group_name);
	errno = 0;
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return fail(o, "group %s is not viable", o->group_name);
	return true;
}

static bool open_container(struct opening *o)
{
	int container = o->vfio->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int version;

	if (container < 0)
		return fail(o, "failed to open /dev/vfio/vfio");
	version = ioctl(container, VFIO_GET_API_VERSION);
	errno = 0;
	if (version != VFIO_API_VERSION)
		return fail(o, "supported vfio version: %d, reported version: %d",
			    VFIO_API_VERSION, version);
	if (ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) <= 0)
		return fail_hint(o, "no available IOMMU models",
				 "run 'modprobe vfio_iommu_type1'");
	if (ioctl(o->vfio->group, VFIO_GROUP_SET_CONTAINER, &container))
		return fail(o, "failed to set group container");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return fail(o, "failed to set iommu for container");
	return true;
}

static bool map_storage(struct opening *o)
{
	const struct kvm *kvm = o->vfio->kvm;
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.size = kvm->size,
		.vaddr = (uintptr_t)kvm->storage,
	};

	if (kvm->size && ioctl(o->vfio->container, VFIO_IOMMU_MAP_DMA, &map))
		return fail(o, "failed to map the guest's memory");
	return true;
}

static bool open_device(struct opening *o)
{
	if (!kvm_add_file(o->vfio->kvm, o->vfio->group))
		return fail(o, "failed to add group %s to KVM VFIO device", o->group_name);
	o->vfio->device = ioctl(o->vfio->group, VFIO_GROUP_GET_DEVICE_FD, o->vfio->name);
	if (o->vfio->device < 0)
		return fail(o, "error getting device from group %s", o->group_name);
	return true;
}

/* Have interrupt @index signalled by @event, or no longer if @event is -1. */
static int set_interrupt(int device, unsigned int index, int32_t event)
{
	char buffer[sizeof(struct vfio_irq_set) + sizeof(event)]
		__attribute__((aligned(__alignof__(struct vfio_irq_set)))) = { 0 };
	struct vfio_irq_set *set = (struct vfio_irq_set *)buffer;

	set->argsz = sizeof(buffer);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = index;
	set->count = 1;
	memcpy(set->data, &event, sizeof(event));
	return ioctl(device, VFIO_DEVICE_SET_IRQS, set);
}

/* Return an eventfd, or -1 with errno set. */
static int connect_interrupt(int device, unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };
	int event;

	if (ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0)
		return -1;
	if (info.count < 1) {
		errno = ENODEV;
		return -1;
	}
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event >= 0 && set_interrupt(device, index, event)) {
		close(event);
		return -1;
	}
	return event;
}

/*
 * Connect the interrupts. A host without an interrupt runs guests without its
 * information.
 */
static bool connect_interrupts(struct opening *o)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(o->vfio->device, VFIO_DEVICE_GET_INFO, &info))
		return fail(o, "error getting device info");
	errno = 0;
	if (!(info.flags & VFIO_DEVICE_FLAGS_AP))
		return fail(o, "it is no vfio-ap device: flags 0x%x", info.flags);
	o->vfio->request = connect_interrupt(o->vfio->device, REQUEST_INDEX);
	if (o->vfio->request < 0)
		fail(o, "the host cannot ask for the device back");
	if (info.num_irqs <= CHANGED_INDEX)
		return true;
	o->vfio->changed = connect_interrupt(o->vfio->device, CHANGED_INDEX);
	if (o->vfio->changed < 0)
		fail(o, "the guest is not told when its queues change");
	return true;
}

void vfio_reset(const struct vfio *vfio)
{
	if (ioctl(vfio->device, VFIO_DEVICE_RESET))
		report("vfio %s: failed to reset the device: %s; a queue did not come back, see "
		       "dmesg and the queues' status", vfio->name, strerror(errno));
}

void vfio_init(struct vfio *vfio)
{
	*vfio = (struct vfio){ .group = -1, .container = -1, .device = -1,
				.request = -1, .changed = -1 };
}

static bool attach(struct opening *o)
{
	return find_device(o) && find_group(o) && open_group(o) && open_container(o) &&
	       map_storage(o) && open_device(o);
}

bool vfio_attach(struct vfio *vfio, const struct device *device, const struct kvm *kvm)
{
	struct opening o = { .vfio = vfio, .description = device };

	vfio_init(vfio);
	vfio->kvm = kvm;
	return attach(&o);
}

bool vfio_open(struct vfio *vfio, const struct device *device, const struct kvm *kvm)
{
	struct opening o = { .vfio = vfio, .description = device };

	vfio_init(vfio);
	vfio->kvm = kvm;
	if (!attach(&o) || !connect_interrupts(&o))
		return false;
	vfio_reset(vfio);
	return true;
}

bool vfio_is_open(const struct vfio *vfio)
{
	return vfio->device >= 0;
}

static void close_interrupt(int device, unsigned int index, int event)
{
	if (event < 0)
		return;
	set_interrupt(device, index, -1);
	close(event);
}

/*
 * Disconnect the device's interrupts first, because their eventfds are closed
 * with it. The group can be used by another VM, or again by this one, when KVM
 * has released its file.
 */
void vfio_close(struct vfio *vfio)
{
	close_interrupt(vfio->device, REQUEST_INDEX, vfio->request);
	close_interrupt(vfio->device, CHANGED_INDEX, vfio->changed);
	if (vfio->device >= 0)
		close(vfio->device);
	if (vfio->group >= 0) {
		kvm_del_file(vfio->kvm, vfio->group);
		ioctl(vfio->group, VFIO_GROUP_UNSET_CONTAINER);
		close(vfio->group);
	}
	if (vfio->container >= 0)
		close(vfio->container);
	vfio_init(vfio);
}
