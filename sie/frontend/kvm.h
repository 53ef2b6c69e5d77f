/* SPDX-License-Identifier: GPL-2.0-only */
/* The VM in the LPAR's kernel, by /dev/kvm, which is provided by sie.ko. */
#ifndef FRONTEND_KVM_H
#define FRONTEND_KVM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Descriptors are -1 if not open. @storage represents the guest's storage,
 * which belongs to the real QEMU: a driver pins its pages for the guest, and
 * nobody else accesses them.
 */
struct kvm {
	int dev, vm, vfio;
	void *storage;
	uint64_t size;
};

#define KVM_CLOSED	((struct kvm){ -1, -1, -1, NULL, 0 })

/* Make a VM and its VFIO device. Report errors and return false. */
bool kvm_open(struct kvm *kvm);

/*
 * Store the number by which the machine knows the guest to @guest. Report
 * errors and return false.
 */
bool kvm_guest(const struct kvm *kvm, uint64_t *guest);

/*
 * Give the guest @size bytes of storage from guest address 0 on. Report errors
 * and return false.
 */
bool kvm_set_storage(struct kvm *kvm, uint64_t size);

/*
 * Start to serve the guest's intercepts, in a thread that ends with the
 * process. Report errors and return false.
 */
bool kvm_run(const struct kvm *kvm);

/*
 * Tell KVM that VFIO file @fd belongs to the VM, or no longer does. Each
 * function returns false with errno set on error.
 */
bool kvm_add_file(const struct kvm *kvm, int fd);
bool kvm_del_file(const struct kvm *kvm, int fd);

void kvm_close(struct kvm *kvm);

#endif /* FRONTEND_KVM_H */
