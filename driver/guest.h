/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface to KVM. Its functions are looked up when a guest is attached.
 * Thus this module neither loads KVM nor holds it before that. No version of a
 * symbol is compared then, which would tell that struct kvm has another layout,
 * so the module serves the kernel only that it was built for.
 */
#ifndef VFIO_AP_GUEST_H
#define VFIO_AP_GUEST_H

#include <linux/kvm_host.h>

#include "matrix.h"

/* Functions that KVM exports with EXPORT_SYMBOL_GPL(). */
struct kvm_calls {
	typeof(kvm_get_kvm_safe) *get;
	typeof(kvm_put_kvm) *put;
	typeof(kvm_arch_crypto_set_masks) *set_masks;
	typeof(kvm_arch_crypto_clear_masks) *clear_masks;
	typeof(kvm_s390_gisc_register) *gisc_register;
	typeof(kvm_s390_gisc_unregister) *gisc_unregister;
};

struct guest {
	struct kvm *kvm;	/* NULL without a guest, or if it has no APCB */
	crypto_hook hook;	/* kvm->arch.crypto.pqap_hook points here */
	struct kvm_calls call;
};

/*
 * Return 0, or -ENOEXEC after a message if the module was built for another
 * kernel.
 */
int vfio_ap_guest_setup(void);

/*
 * Take a reference on @kvm, and make it call @hook for the guest's AQIC.
 * guest->kvm stays NULL if the machine cannot give the guest an APCB.
 *
 * Return 0, -ENODEV (there is no KVM that supports this driver), -EINVAL (the
 * guest is being destroyed) or -EPERM (the guest already has a mediated device
 * of this type).
 */
int vfio_ap_guest_attach(struct guest *guest, struct kvm *kvm, crypto_hook hook);
/* Remove the hook. No call of it is in progress when this returns. */
void vfio_ap_guest_unhook(struct guest *guest);
void vfio_ap_guest_detach(struct guest *guest);

/*
 * The new masks are in force when these functions return. They take kvm->lock.
 */
void vfio_ap_guest_set_masks(struct guest *guest, struct matrix *apcb);
void vfio_ap_guest_clear_masks(struct guest *guest);

/* Return the host's ISC or a negative error number. */
int vfio_ap_guest_register_isc(struct guest *guest, u8 isc);
void vfio_ap_guest_unregister_isc(struct guest *guest, u8 isc);
/* Return whether host and adapter may write to @page of @vcpu's guest. */
bool vfio_ap_guest_may_share(struct kvm_vcpu *vcpu, phys_addr_t page);

#endif
