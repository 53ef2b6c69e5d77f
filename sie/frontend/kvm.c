// SPDX-License-Identifier: GPL-2.0-only
#include "kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "sie/sie.h"

static bool open_dev(struct kvm *kvm)
{
	int version;

	kvm->dev = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm->dev < 0)
		return report("could not access KVM kernel module: %s%s", strerror(errno),
			      errno == ENOENT ? "; is it loaded? Run 'modprobe sie'" : "");
	version = ioctl(kvm->dev, KVM_GET_API_VERSION, 0);
	if (version != KVM_API_VERSION)
		return report("/dev/kvm has API version %d, not %d", version, KVM_API_VERSION);
	return true;
}

static bool create_vm(struct kvm *kvm)
{
	kvm->vm = ioctl(kvm->dev, KVM_CREATE_VM, 0);
	if (kvm->vm < 0)
		return report("ioctl(KVM_CREATE_VM) failed: %s; see dmesg", strerror(errno));
	return true;
}

static bool create_vfio_device(struct kvm *kvm)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_VFIO };

	if (ioctl(kvm->vm, KVM_CREATE_DEVICE, &device))
		return report("failed to create KVM VFIO device: %s", strerror(errno));
	kvm->vfio = device.fd;
	return true;
}

bool kvm_open(struct kvm *kvm)
{
	*kvm = KVM_CLOSED;
	return open_dev(kvm) && create_vm(kvm) && create_vfio_device(kvm);
}

bool kvm_guest(const struct kvm *kvm, uint64_t *guest)
{
	__u64 number;

	if (ioctl(kvm->vm, SIE_GET_GUEST, &number)) {
		if (errno == ENOTTY)
			return report("/dev/kvm is not the one of the module sie");
		return report("the machine does not know the guest: %s; see dmesg",
			      strerror(errno));
	}
	*guest = number;
	return true;
}

bool kvm_set_storage(struct kvm *kvm, uint64_t size)
{
	struct kvm_userspace_memory_region region = { .memory_size = size };
	void *storage = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (storage == MAP_FAILED)
		return report("cannot set up guest memory: %s", strerror(errno));
	kvm->storage = storage;
	kvm->size = size;
	region.userspace_addr = (uintptr_t)storage;
	return !ioctl(kvm->vm, KVM_SET_USER_MEMORY_REGION, &region) ||
	       report("ioctl(KVM_SET_USER_MEMORY_REGION) failed: %s", strerror(errno));
}

static void *run(void *opaque)
{
	const struct kvm *kvm = opaque;
	int ret;

	do {
		ret = ioctl(kvm->vm, SIE_RUN);
	} while (ret && errno == EINTR);
	if (errno != EOPNOTSUPP)
		report("the guest has no adapter interruptions any more: %s", strerror(errno));
	return NULL;
}

bool kvm_run(const struct kvm *kvm)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, run, (void *)kvm);

	if (error)
		return report("a thread cannot be started: %s", strerror(error));
	pthread_detach(thread);
	return true;
}

static bool set_file(const struct kvm *kvm, uint64_t attribute, int fd)
{
	int32_t number = fd;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_GROUP,
		.attr = attribute,
		.addr = (uintptr_t)&number,
	};

	return !ioctl(kvm->vfio, KVM_SET_DEVICE_ATTR, &attr);
}

bool kvm_add_file(const struct kvm *kvm, int fd)
{
	return set_file(kvm, KVM_DEV_VFIO_GROUP_ADD, fd);
}

bool kvm_del_file(const struct kvm *kvm, int fd)
{
	return set_file(kvm, KVM_DEV_VFIO_GROUP_DEL, fd);
}

void kvm_close(struct kvm *kvm)
{
	const int fds[] = { kvm->vfio, kvm->vm, kvm->dev };

	for (int i = 0; i < 3; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	if (kvm->storage)
		munmap(kvm->storage, kvm->size);
	*kvm = KVM_CLOSED;
}
