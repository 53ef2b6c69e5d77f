// SPDX-License-Identifier: GPL-2.0-only
#include <generated/utsrelease.h>
#include <linux/module.h>
#include <linux/utsname.h>
#include <asm/uv.h>

#include "guest.h"

int vfio_ap_guest_setup(void)
{
	const char *running = init_utsname()->release;

	if (!strcmp(running, UTS_RELEASE))
		return 0;
	pr_err("%s: built for Linux %s, and this is %s: build it for this one, as DKMS does\n",
	       KBUILD_MODNAME, UTS_RELEASE, running);
	return -ENOEXEC;
}

static void calls_put(struct kvm_calls *call)
{
	if (call->get)
		symbol_put(kvm_get_kvm_safe);
	if (call->put)
		symbol_put(kvm_put_kvm);
	if (call->set_masks)
		symbol_put(kvm_arch_crypto_set_masks);
	if (call->clear_masks)
		symbol_put(kvm_arch_crypto_clear_masks);
	if (call->gisc_register)
		symbol_put(kvm_s390_gisc_register);
	if (call->gisc_unregister)
		symbol_put(kvm_s390_gisc_unregister);
	memset(call, 0, sizeof(*call));
}

static int calls_get(struct kvm_calls *call)
{
	call->get = symbol_get(kvm_get_kvm_safe);
	call->put = symbol_get(kvm_put_kvm);
	call->set_masks = symbol_get(kvm_arch_crypto_set_masks);
	call->clear_masks = symbol_get(kvm_arch_crypto_clear_masks);
	call->gisc_register = symbol_get(kvm_s390_gisc_register);
	call->gisc_unregister = symbol_get(kvm_s390_gisc_unregister);
	if (call->get && call->put && call->set_masks && call->clear_masks &&
	    call->gisc_register && call->gisc_unregister)
		return 0;
	calls_put(call);
	return -ENODEV;
}

static int guest_hook(struct guest *guest, struct kvm *kvm, crypto_hook hook)
{
	struct kvm_s390_crypto *crypto = &kvm->arch.crypto;
	int rc = -EPERM;

	guest->hook = hook;
	down_write(&crypto->pqap_hook_rwsem);
	if (!crypto->pqap_hook) {
		crypto->pqap_hook = &guest->hook;
		rc = 0;
	}
	up_write(&crypto->pqap_hook_rwsem);
	return rc;
}

int vfio_ap_guest_attach(struct guest *guest, struct kvm *kvm, crypto_hook hook)
{
	int rc;

	if (!kvm->arch.crypto.crycbd)
		return 0;
	rc = calls_get(&guest->call);
	if (rc)
		return rc;
	rc = -EINVAL;
	if (!guest->call.get(kvm))
		goto put_calls;
	rc = guest_hook(guest, kvm, hook);
	if (rc)
		goto put_kvm;
	guest->kvm = kvm;
	return 0;

put_kvm:
	guest->call.put(kvm);
put_calls:
	calls_put(&guest->call);
	return rc;
}

void vfio_ap_guest_unhook(struct guest *guest)
{
	struct kvm_s390_crypto *crypto;

	if (!guest->kvm)
		return;
	crypto = &guest->kvm->arch.crypto;
	down_write(&crypto->pqap_hook_rwsem);
	crypto->pqap_hook = NULL;
	up_write(&crypto->pqap_hook_rwsem);
}

void vfio_ap_guest_detach(struct guest *guest)
{
	if (!guest->kvm)
		return;
	guest->call.put(guest->kvm);
	guest->kvm = NULL;
	calls_put(&guest->call);
}

void vfio_ap_guest_set_masks(struct guest *guest, struct matrix *apcb)
{
	mutex_lock(&guest->kvm->lock);
	guest->call.set_masks(guest->kvm, (unsigned long *)apcb->apm.word,
			      (unsigned long *)apcb->aqm.word, (unsigned long *)apcb->adm.word);
	mutex_unlock(&guest->kvm->lock);
}

void vfio_ap_guest_clear_masks(struct guest *guest)
{
	mutex_lock(&guest->kvm->lock);
	guest->call.clear_masks(guest->kvm);
	mutex_unlock(&guest->kvm->lock);
}

int vfio_ap_guest_register_isc(struct guest *guest, u8 isc)
{
	return guest->call.gisc_register(guest->kvm, isc);
}

void vfio_ap_guest_unregister_isc(struct guest *guest, u8 isc)
{
	guest->call.gisc_unregister(guest->kvm, isc);
}

bool vfio_ap_guest_may_share(struct kvm_vcpu *vcpu, phys_addr_t page)
{
	/*
	 * Pinning has exported a page that the protected guest does not share.
	 * The ultravisor reports that; the guest gets its page back when it
	 * touches it.
	 */
	return !vcpu->arch.pv.handle || !uv_pin_shared(page);
}
