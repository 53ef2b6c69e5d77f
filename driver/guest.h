/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seam to KVM. Its functions are looked up when a guest is attached, so that
 * this module neither loads nor keeps KVM before that and does not depend on
 * the version of its symbols.
 */
#ifndef VFIO_AP_GUEST_H
#define VFIO_AP_GUEST_H

#include <linux/kvm_host.h>

#include "matrix.h"

/* GPL-exported functions of KVM. */
struct kvm_calls {
	typeof(kvm_get_kvm_safe) *get;
	typeof(kvm_put_kvm) *put;
	typeof(kvm_arch_crypto_set_masks) *set_masks;
	typeof(kvm_arch_crypto_clear_masks) *clear_masks;
	typeof(kvm_s390_gisc_register) *gisc_register;
	typeof(kvm_s390_gisc_unregister) *gisc_unregister;
};

struct guest {
	struct kvm *kvm;	/* NULL: no guest, or one without an APCB */
	crypto_hook hook;	/* where kvm->arch.crypto.pqap_hook points */
	struct kvm_calls call;
};

/*
 * Take a reference on @kvm and have @hook called for the guest's AQIC. A guest
 * that the machine cannot give an APCB leaves guest->kvm NULL.
 *
 * Returns 0, -ENODEV (no KVM that knows this driver), -EINVAL (the guest is
 * going away) or -EPERM (the guest has a mediated device of this type already).
 */
int vfio_ap_guest_attach(struct guest *guest, struct kvm *kvm, crypto_hook hook);
/* No hook call is under way or begins any more. */
void vfio_ap_guest_unhook(struct guest *guest);
void vfio_ap_guest_detach(struct guest *guest);

/* In force when these return. Take kvm->lock. */
void vfio_ap_guest_set_masks(struct guest *guest, struct matrix *apcb);
void vfio_ap_guest_clear_masks(struct guest *guest);

/* Returns the host's ISC or a negative error number. */
int vfio_ap_guest_register_isc(struct guest *guest, u8 isc);
void vfio_ap_guest_unregister_isc(struct guest *guest, u8 isc);
/* Whether host and adapter can write to @page of @vcpu's guest. */
bool vfio_ap_guest_may_share(struct kvm_vcpu *vcpu, phys_addr_t page);

#endif
