/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM: the struct kvm that vfio_ap and VFIO are given, and the guest that
 * the machine knows it as.
 */
#ifndef SIE_VM_H
#define SIE_VM_H

#include <linux/container_of.h>
#include <linux/kvm_host.h>

/*
 * @kvm: crypto.crycb and crypto.crycbd name a real crypto control block of
 *	format 2, whose APCB holds the masks in force. gisa_int.origin names a
 *	GISA, by which the machine is told that an AQIC is for the guest.
 * @storage: where user space says that the guest's storage is, from guest address
 *	0 on. It stands for it: the guest's storage is not the LPAR's. Under
 *	kvm.slots_lock
 * @guest: the guest's number on the machine
 * @known: the machine knows the guest; under kvm.lock
 * @has_vfio: the VM has its VFIO device; under kvm.lock
 */
struct sie_vm {
	struct kvm kvm;
	struct {
		unsigned long hva;
		unsigned long size;
	} storage;
	unsigned long guest;
	bool known;
	bool has_vfio;
};

static inline struct sie_vm *to_sie_vm(struct kvm *kvm)
{
	return container_of(kvm, struct sie_vm, kvm);
}

/* As KVM_SET_USER_MEMORY_REGION; -EINVAL for anything but slot 0 from address 0 on. */
int sie_vm_set_storage(struct sie_vm *vm, const struct kvm_userspace_memory_region *region);

/* A new VM with one reference, and its guest on the machine; or ERR_PTR. */
struct sie_vm *sie_vm_create(void);

/*
 * Make the machine forget the guest, which ends all that it may touch. Does
 * nothing if it is forgotten already. Call with kvm.lock held.
 */
void sie_vm_forget(struct sie_vm *vm);

#endif /* SIE_VM_H */
