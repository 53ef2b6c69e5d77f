/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a guest's queues: the guest's PQAP(AQIC).
 */
#ifndef VFIO_AP_IRQ_H
#define VFIO_AP_IRQ_H

#include <linux/types.h>

struct kvm_vcpu;
struct matrix_mdev;
struct queue;

/* What a queue that interrupts its guest keeps; all zero if it does not. */
struct queue_irq {
	struct matrix_mdev *mdev;
	dma_addr_t nib;		/* guest address of the indicator byte, its page pinned */
	u8 isc;			/* guest interruption subclass, registered */
};

/* KVM's pqap_hook. Called with the vcpu's mutex and pqap_hook_rwsem held. */
int irq_hook(struct kvm_vcpu *vcpu);
/* Give back what the interrupts of @q keep; the hardware has switched them off. */
void irq_release(struct queue *q);
/* The guest unmaps @length bytes from @iova: no queue of @m may write there any more. */
void irq_unmap(struct matrix_mdev *m, u64 iova, u64 length);

#endif
