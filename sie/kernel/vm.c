// SPDX-License-Identifier: GPL-2.0-only
/*
 * References to a VM are held by its file, by its VFIO device's file, and by
 * callers of kvm_get_kvm(). The first two keep this module loaded through their
 * file operations, the third by the symbol that puts the reference. So a VM
 * needs no reference to the module of its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "machine.h"
#include "vm.h"

/*
 * The state description contains the address of the crypto control block in 31
 * bits.
 */
static int crypto_init(struct kvm_s390_crypto *crypto)
{
	crypto->crycb = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT | GFP_DMA);
	if (!crypto->crycb)
		return -ENOMEM;
	crypto->crycbd = virt_to_phys(crypto->crycb) | CRYCB_FORMAT2;
	init_rwsem(&crypto->pqap_hook_rwsem);
	return 0;
}

/* AQIC contains the address of a GISA in 27 bits. */
static int gisa_init(struct kvm_s390_gisa_interrupt *gisa_int)
{
	gisa_int->origin = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT | GFP_DMA);
	if (!gisa_int->origin)
		return -ENOMEM;
	spin_lock_init(&gisa_int->alert.ref_lock);
	return 0;
}

/* A driver that has registered a subclass has to unregister it before this. */
static void gisa_exit(struct kvm_s390_gisa_interrupt *gisa_int)
{
	WARN_ON(gisa_int->alert.mask);
	free_page((unsigned long)gisa_int->origin);
}

static void crypto_exit(struct kvm_s390_crypto *crypto)
{
	free_page((unsigned long)crypto->crycb);
}

static int kvm_init_object(struct kvm *kvm)
{
	int ret;

	ret = init_srcu_struct(&kvm->srcu);
	if (ret)
		return ret;
	ret = crypto_init(&kvm->arch.crypto);
	if (ret)
		goto out_srcu;
	ret = gisa_init(&kvm->arch.gisa_int);
	if (ret)
		goto out_crypto;

	mutex_init(&kvm->lock);
	mutex_init(&kvm->irq_lock);
	mutex_init(&kvm->slots_lock);
	INIT_LIST_HEAD(&kvm->devices);
	refcount_set(&kvm->users_count, 1);
	kvm->userspace_pid = task_pid_nr(current);
	kvm->mm = current->mm;
	mmgrab(kvm->mm);
	return 0;

out_crypto:
	crypto_exit(&kvm->arch.crypto);
out_srcu:
	cleanup_srcu_struct(&kvm->srcu);
	return ret;
}

static void kvm_exit_object(struct kvm *kvm)
{
	mmdrop(kvm->mm);
	gisa_exit(&kvm->arch.gisa_int);
	crypto_exit(&kvm->arch.crypto);
	cleanup_srcu_struct(&kvm->srcu);
}

struct sie_vm *sie_vm_create(void)
{
	struct sie_vm *vm;
	int ret;

	vm = kvzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	ret = kvm_init_object(&vm->kvm);
	if (ret)
		goto out_free;
	ret = machine_create_guest(&vm->guest);
	if (ret) {
		pr_err("the machine refused a new guest: error %d\n", ret);
		goto out_object;
	}
	vm->known = true;
	return vm;

out_object:
	kvm_exit_object(&vm->kvm);
out_free:
	kvfree(vm);
	return ERR_PTR(ret);
}

/*
 * Nothing more can be done if the machine refuses: the guest is not used again.
 */
void sie_vm_forget(struct sie_vm *vm)
{
	int ret;

	lockdep_assert_held(&vm->kvm.lock);

	if (!vm->known)
		return;
	vm->known = false;
	ret = machine_destroy_guest(vm->guest);
	if (ret)
		pr_err("the machine refused to end the guest of process %d: error %d\n",
		       vm->kvm.userspace_pid, ret);
}

static void sie_vm_destroy(struct sie_vm *vm)
{
	mutex_lock(&vm->kvm.lock);
	sie_vm_forget(vm);
	mutex_unlock(&vm->kvm.lock);
	kvm_exit_object(&vm->kvm);
	kvfree(vm);
}

void kvm_get_kvm(struct kvm *kvm)
{
	refcount_inc(&kvm->users_count);
}
EXPORT_SYMBOL_GPL(kvm_get_kvm);

bool kvm_get_kvm_safe(struct kvm *kvm)
{
	return refcount_inc_not_zero(&kvm->users_count);
}
EXPORT_SYMBOL_GPL(kvm_get_kvm_safe);

void kvm_put_kvm(struct kvm *kvm)
{
	if (refcount_dec_and_test(&kvm->users_count))
		sie_vm_destroy(to_sie_vm(kvm));
}
EXPORT_SYMBOL_GPL(kvm_put_kvm);

int sie_vm_set_storage(struct sie_vm *vm, const struct kvm_userspace_memory_region *region)
{
	if (region->slot || region->flags || region->guest_phys_addr ||
	    !PAGE_ALIGNED(region->memory_size) || !PAGE_ALIGNED(region->userspace_addr))
		return -EINVAL;
	mutex_lock(&vm->kvm.slots_lock);
	vm->storage.hva = region->userspace_addr;
	vm->storage.size = region->memory_size;
	mutex_unlock(&vm->kvm.slots_lock);
	return 0;
}

unsigned long gfn_to_hva(struct kvm *kvm, gfn_t gfn)
{
	struct sie_vm *vm = to_sie_vm(kvm);
	unsigned long hva = KVM_HVA_ERR_BAD;

	mutex_lock(&kvm->slots_lock);
	if (gfn < vm->storage.size >> PAGE_SHIFT)
		hva = vm->storage.hva + (gfn << PAGE_SHIFT);
	mutex_unlock(&kvm->slots_lock);
	return hva;
}
EXPORT_SYMBOL_GPL(gfn_to_hva);

#if KVM_TELLS_OF_STORAGE
bool kvm_s390_is_gpa_in_memslot(struct kvm *kvm, gpa_t gpa)
{
	return !IS_ERR_VALUE(gfn_to_hva(kvm, gpa >> PAGE_SHIFT));
}
EXPORT_SYMBOL_GPL(kvm_s390_is_gpa_in_memslot);
#endif
