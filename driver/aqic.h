/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a guest's queues: the guest's PQAP(AQIC).
 */
#ifndef VFIO_AP_AQIC_H
#define VFIO_AP_AQIC_H

#include <linux/types.h>

struct kvm_vcpu;
struct matrix_mdev;
struct queue;

/* KVM's pqap_hook. Called with the vcpu's mutex and pqap_hook_rwsem held. */
int vfio_ap_aqic_hook(struct kvm_vcpu *vcpu);
/*
 * Give back to the guest what the interrupts of @q keep: a reset has switched them off (@stopped),
 * or its time is over. Needs q->irq_lock. Waits for nothing.
 */
void vfio_ap_aqic_release(struct queue *q, bool stopped);
/* The same for a queue that is unbound, and that no reset is waited for: takes q->irq_lock. */
void vfio_ap_aqic_abandon(struct queue *q);
/* The guest unmaps @length bytes from @iova: no queue of @m may write there any more. */
void vfio_ap_aqic_unmap(struct matrix_mdev *m, u64 iova, u64 length);

#endif
