/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a guest's queues: the guest's PQAP(AQIC).
 */
#ifndef VFIO_AP_IRQ_H
#define VFIO_AP_IRQ_H

#include <linux/atomic.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct kvm_vcpu;
struct matrix_mdev;
struct queue;

/* What a queue that interrupts its guest keeps. */
struct queue_irq;

/*
 * Pinned pages of a guest. Pages are pinned and unpinned without a lock, since
 * VFIO has its own, which it may hold when it calls irq_unmap(). So a pinned
 * page may for a moment be in nobody's queue_irq: it is on the move.
 */
struct irq_pins {
	atomic_t moving;
	struct llist_head dropped;	/* on the move, to be unpinned by ... */
	struct work_struct drop_work;	/* ... one worker for each guest, whose VFIO may be slow */

	spinlock_t lock;		/* protects the following */
	u64 unmapped;			/* the guest unmaps length bytes from here: ... */
	u64 length;
	unsigned long until;		/* ... nothing is pinned there until then, in jiffies */
};

/* Returns 0 or -ENOMEM. */
int irq_setup(void);
void irq_cleanup(void);

void irq_init(struct irq_pins *pins);
/* KVM's pqap_hook. Called with the vcpu's mutex and pqap_hook_rwsem held. */
int irq_hook(struct kvm_vcpu *vcpu);
/*
 * Give back to the guest what the interrupts of @q keep: a reset has switched them off (@stopped),
 * or its time is over. Waits for nothing: false while AQIC is at the queue.
 */
bool irq_release(struct queue *q, bool stopped);
/* The machine does not write for @q any more: its pages may serve others. */
void irq_stopped(struct queue *q);
/* The guest unmaps @length bytes from @iova: no queue of @m may write there any more. */
void irq_unmap(struct matrix_mdev *m, u64 iova, u64 length);
/* Wait until no page of @m's guest is on the move. */
void irq_wait(struct matrix_mdev *m);

#endif
