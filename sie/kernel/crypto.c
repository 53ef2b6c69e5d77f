// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that KVM exports to vfio_ap, for a guest's AP masks, its
 * interruption subclasses and its protection.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/isc.h>

#include "abi/lpar.h"
#include "machine.h"
#include "vm.h"

#define GISC_BIT(gisc)	(0x80 >> (gisc))

/*
 * Pass the masks to the machine, as the APCB contains them, one after the
 * other. The caller cannot be told of a failure, but the guest must not keep
 * queues that were taken from it, so it loses everything then.
 */
static void put_in_force(struct kvm *kvm)
{
	struct kvm_s390_apcb1 *apcb = &kvm->arch.crypto.crycb->apcb1;
	struct sie_vm *vm = to_sie_vm(kvm);
	int ret;

	static_assert(offsetof(struct kvm_s390_apcb1, reserved60) == LPAR_MASKS_SIZE);
	lockdep_assert_held(&kvm->lock);

	if (!vm->known)
		return;
	ret = machine_set_masks(vm->guest, apcb);
	if (!ret)
		return;
	pr_err("the machine refused new masks for the guest of process %d: error %d; the guest is ended\n",
	       kvm->userspace_pid, ret);
	memset(apcb, 0, sizeof(*apcb));
	sie_vm_forget(vm);
}

void kvm_arch_crypto_set_masks(struct kvm *kvm, unsigned long *apm,
			       unsigned long *aqm, unsigned long *adm)
{
	struct kvm_s390_apcb1 *apcb = &kvm->arch.crypto.crycb->apcb1;

	memcpy(apcb->apm, apm, sizeof(apcb->apm));
	memcpy(apcb->aqm, aqm, sizeof(apcb->aqm));
	memcpy(apcb->adm, adm, sizeof(apcb->adm));
	put_in_force(kvm);
}
EXPORT_SYMBOL_GPL(kvm_arch_crypto_set_masks);

void kvm_arch_crypto_clear_masks(struct kvm *kvm)
{
	memset(&kvm->arch.crypto.crycb->apcb1, 0, sizeof(struct kvm_s390_apcb1));
	put_in_force(kvm);
}
EXPORT_SYMBOL_GPL(kvm_arch_crypto_clear_masks);

/*
 * The machine interrupts the guest itself, so an alert is never due, only
 * counted.
 */
int kvm_s390_gisc_register(struct kvm *kvm, u32 gisc)
{
	struct kvm_s390_gisa_iam *iam = &kvm->arch.gisa_int.alert;

	if (gisc > MAX_ISC)
		return -ERANGE;
	spin_lock(&iam->ref_lock);
	iam->ref_count[gisc]++;
	iam->mask |= GISC_BIT(gisc);
	spin_unlock(&iam->ref_lock);
	return GAL_ISC;
}
EXPORT_SYMBOL_GPL(kvm_s390_gisc_register);

int kvm_s390_gisc_unregister(struct kvm *kvm, u32 gisc)
{
	struct kvm_s390_gisa_iam *iam = &kvm->arch.gisa_int.alert;
	int ret = -EINVAL;

	if (gisc > MAX_ISC)
		return -ERANGE;
	spin_lock(&iam->ref_lock);
	if (iam->ref_count[gisc]) {
		ret = 0;
		if (!--iam->ref_count[gisc])
			iam->mask &= ~GISC_BIT(gisc);
	}
	spin_unlock(&iam->ref_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(kvm_s390_gisc_unregister);

bool kvm_s390_pv_cpu_is_protected(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.pv.handle;
}
EXPORT_SYMBOL_GPL(kvm_s390_pv_cpu_is_protected);
