/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a guest's queues, which the guest controls by
 * PQAP(AQIC).
 */
#ifndef VFIO_AP_AQIC_H
#define VFIO_AP_AQIC_H

#include <linux/types.h>

struct kvm_vcpu;
struct matrix_mdev;
struct queue;

/**
 * vfio_ap_aqic_hook() - execute a guest's PQAP(AQIC)
 * @vcpu: the vCPU, whose registers have the operands and get the status
 *
 * This is KVM's pqap_hook.
 *
 * Context: KVM holds the mutex of @vcpu, and pqap_hook_rwsem for reading.
 * Return: 0, or -EOPNOTSUPP for KVM to go on as if there were no hook.
 */
int vfio_ap_aqic_hook(struct kvm_vcpu *vcpu);
/*
 * Return to the guest what @q holds for its interruptions, because a reset has
 * disabled them (@stopped), or because the reset has run out of time. The
 * caller holds q->irq_lock. This does not wait.
 */
void vfio_ap_aqic_release(struct queue *q, bool stopped);
/*
 * Return to the guest what @q holds for its interruptions. @q is being unbound
 * without a reset that disables them. Takes q->irq_lock.
 */
void vfio_ap_aqic_abandon(struct queue *q);
/*
 * Ensure that no queue of @m writes to the @length bytes from @iova, which the
 * guest unmaps.
 */
void vfio_ap_aqic_unmap(struct matrix_mdev *m, u64 iova, u64 length);

#endif
