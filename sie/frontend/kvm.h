/* SPDX-License-Identifier: GPL-2.0-only */
/* The VM as the LPAR's kernel knows it: /dev/kvm, which is sie.ko's. */
#ifndef FRONTEND_KVM_H
#define FRONTEND_KVM_H

#include <stdbool.h>
#include <stdint.h>

/* Descriptors, -1 if not open. */
struct kvm {
	int dev, vm, vfio;
};

/* Make a VM and its VFIO device. Reports what fails. */
bool kvm_open(struct kvm *kvm);

/* The number by which the machine knows the guest. Reports what fails. */
bool kvm_guest(const struct kvm *kvm, uint64_t *guest);

/*
 * Tell KVM that the guest's @size bytes of storage, from guest address 0 on, are
 * at @address. Returns false with errno.
 */
bool kvm_set_storage(const struct kvm *kvm, void *address, uint64_t size);

/*
 * Serve the guest's intercepts from now on, in a thread that ends with the
 * process. Reports what fails.
 */
bool kvm_run(const struct kvm *kvm);

/* Tell KVM that VFIO file @fd belongs to the VM. Returns false with errno. */
bool kvm_add_file(const struct kvm *kvm, int fd);

void kvm_close(struct kvm *kvm);

#endif /* FRONTEND_KVM_H */
