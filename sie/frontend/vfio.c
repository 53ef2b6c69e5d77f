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
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

/* Not in the header of every kernel that has the device. */
#define REQUEST_INDEX	0
#define CHANGED_INDEX	1

struct opening {
	struct vfio *vfio;
	const struct options *options;
	const struct kvm *kvm;
	char group_name[PATH_MAX];/* the number of the group */
};

/* "-device vfio-ap,...: vfio UUID: what: why". errno is the why, 0: none. */
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
	return report("-device %s: vfio %s: %s%s%s", o->options->device, o->vfio->name, what,
		      colon, why);
}

/* The same, and what to do about it. */
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

	snprintf(o->vfio->name, sizeof(o->vfio->name), "%s", last_part(o->options->sysfsdev));
	if (!realpath(o->options->sysfsdev, path))
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

	snprintf(link, sizeof(link), "%s/iommu_group", o->options->sysfsdev);
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

/*
 * The guest's storage is the real QEMU's. What stands for it here are pages that
 * the driver pins for the guest's AQIC, and which nobody else touches.
 */
static bool map_storage(struct opening *o)
{
	uint64_t size = o->options->memory << 20;
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.size = size,
	};
	void *storage;

	if (!size)
		return true;
	storage = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (storage == MAP_FAILED)
		return fail(o, "cannot set up guest memory");
	map.vaddr = (uintptr_t)storage;
	if (!kvm_set_storage(o->kvm, storage, size))
		return fail(o, "failed to tell KVM of the guest's memory");
	if (ioctl(o->vfio->container, VFIO_IOMMU_MAP_DMA, &map))
		return fail(o, "failed to map the guest's memory");
	return true;
}

static bool open_device(struct opening *o)
{
	if (!kvm_add_file(o->kvm, o->vfio->group))
		return fail(o, "failed to add group %s to KVM VFIO device", o->group_name);
	o->vfio->device = ioctl(o->vfio->group, VFIO_GROUP_GET_DEVICE_FD, o->vfio->name);
	if (o->vfio->device < 0)
		return fail(o, "error getting device from group %s", o->group_name);
	return true;
}

static int connect_interrupt(struct opening *o, unsigned int index)
{
	char buffer[sizeof(struct vfio_irq_set) + sizeof(int32_t)]
		__attribute__((aligned(__alignof__(struct vfio_irq_set)))) = { 0 };
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };
	struct vfio_irq_set *set = (struct vfio_irq_set *)buffer;
	int32_t event;

	if (ioctl(o->vfio->device, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0 || info.count < 1)
		return -1;
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	set->argsz = sizeof(buffer);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = index;
	set->count = 1;
	memcpy(set->data, &event, sizeof(event));
	if (event >= 0 && ioctl(o->vfio->device, VFIO_DEVICE_SET_IRQS, set)) {
		close(event);
		return -1;
	}
	return event;
}

static bool connect_interrupts(struct opening *o)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(o->vfio->device, VFIO_DEVICE_GET_INFO, &info))
		return fail(o, "error getting device info");
	errno = 0;
	if (!(info.flags & VFIO_DEVICE_FLAGS_AP) || info.num_irqs <= REQUEST_INDEX)
		return fail(o, "it is no vfio-ap device: flags 0x%x, %u interrupts", info.flags,
			    info.num_irqs);
	o->vfio->request = connect_interrupt(o, REQUEST_INDEX);
	if (o->vfio->request < 0)
		return fail(o, "failed to set up the device request interrupt");
	if (info.num_irqs <= CHANGED_INDEX)
		return true;
	o->vfio->changed = connect_interrupt(o, CHANGED_INDEX);
	if (o->vfio->changed < 0)
		return fail(o, "failed to set up the configuration change interrupt");
	return true;
}

/* What the start of a machine does to its devices. */
static bool reset_device(struct opening *o)
{
	if (ioctl(o->vfio->device, VFIO_DEVICE_RESET))
		return fail_hint(o, "failed to reset the device",
				 "a queue did not come back; see dmesg and the queues' status");
	return true;
}

void vfio_init(struct vfio *vfio)
{
	*vfio = (struct vfio){ .group = -1, .container = -1, .device = -1,
				.request = -1, .changed = -1 };
}

static bool attach(struct opening *o)
{
	vfio_init(o->vfio);
	return find_device(o) && find_group(o) && open_group(o) && open_container(o) &&
	       map_storage(o) && open_device(o);
}

bool vfio_attach(struct vfio *vfio, const struct options *options, const struct kvm *kvm)
{
	struct opening o = { .vfio = vfio, .options = options, .kvm = kvm };

	return attach(&o);
}

bool vfio_open(struct vfio *vfio, const struct options *options, const struct kvm *kvm)
{
	struct opening o = { .vfio = vfio, .options = options, .kvm = kvm };

	return attach(&o) && connect_interrupts(&o) && reset_device(&o);
}

void vfio_close(struct vfio *vfio)
{
	const int fds[] = { vfio->device, vfio->group, vfio->container, vfio->request,
			    vfio->changed };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	vfio_init(vfio);
}
