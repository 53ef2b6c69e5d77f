/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM: the struct kvm that vfio_ap and VFIO are given, and the guest as which
 * the machine knows it.
 */
#ifndef SIE_VM_H
#define SIE_VM_H

#include <linux/container_of.h>
#include <linux/kvm_host.h>

/*
 * @kvm: crypto.crycb and crypto.crycbd refer to a real crypto control block of
 *	format 2, whose APCB contains the masks in force. gisa_int.origin is the
 *	address of a GISA, which shows the machine that an AQIC is for the
 *	guest.
 * @storage: user space's address of the guest's storage, from guest address 0
 *	on. It only represents that storage, which is not the LPAR's; protected
 *	by kvm.slots_lock
 * @guest: the guest's number on the machine
 * @known: whether the machine knows the guest; protected by kvm.lock
 * @has_vfio: whether the VM has its VFIO device; protected by kvm.lock
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

/*
 * Set the storage as KVM_SET_USER_MEMORY_REGION does. Return -EINVAL for
 * anything but slot 0 from address 0 on.
 */
int sie_vm_set_storage(struct sie_vm *vm, const struct kvm_userspace_memory_region *region);

/*
 * Return a new VM with one reference, and its guest on the machine, or an
 * ERR_PTR.
 */
struct sie_vm *sie_vm_create(void);

/*
 * Make the machine forget the guest, which ends its access to everything. Do
 * nothing if it is forgotten already. The caller holds kvm.lock.
 */
void sie_vm_forget(struct sie_vm *vm);

#endif /* SIE_VM_H */
