/* SPDX-License-Identifier: GPL-2.0-only */
/* The VM as the LPAR's kernel knows it: /dev/kvm, which is sie.ko's. */
#ifndef FRONTEND_KVM_H
#define FRONTEND_KVM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Descriptors, -1 if not open. @storage stands for the guest's storage, which is
 * the real QEMU's: pages that a driver pins for the guest and nobody else touches.
 */
struct kvm {
	int dev, vm, vfio;
	void *storage;
	uint64_t size;
};

#define KVM_CLOSED	((struct kvm){ -1, -1, -1, NULL, 0 })

/* Make a VM and its VFIO device. Reports what fails. */
bool kvm_open(struct kvm *kvm);

/* The number by which the machine knows the guest. Reports what fails. */
bool kvm_guest(const struct kvm *kvm, uint64_t *guest);

/* Give the guest @size bytes of storage from guest address 0 on. Reports what fails. */
bool kvm_set_storage(struct kvm *kvm, uint64_t size);

/*
 * Serve the guest's intercepts from now on, in a thread that ends with the
 * process. Reports what fails.
 */
bool kvm_run(const struct kvm *kvm);

/*
 * Tell KVM that VFIO file @fd belongs to the VM, or does so no more. Each returns
 * false with errno.
 */
bool kvm_add_file(const struct kvm *kvm, int fd);
bool kvm_del_file(const struct kvm *kvm, int fd);

void kvm_close(struct kvm *kvm);

#endif /* FRONTEND_KVM_H */
