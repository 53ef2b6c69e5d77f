/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the queues of one guest keep pinned while they interrupt it.
 *
 * Pages are pinned and unpinned without a lock, since VFIO has its own, which it may hold when
 * it tells that memory is unmapped. So a pinned page may for a moment be in no queue: it is on
 * the move. Whoever unmaps waits for those.
 */
#ifndef VFIO_AP_PINS_H
#define VFIO_AP_PINS_H

#include <linux/atomic.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/ap.h>

struct guest;
struct irq_pages;
struct kvm_vcpu;
struct vfio_device;

/* How many parts of a guest's memory are told apart that are unmapped at the same time. */
#define CLOSED_RANGES 4

/* Memory that the guest unmaps, or has just unmapped: nothing is pinned there. */
struct closed_range {
	u64 first;
	u64 last;
	unsigned int unmaps;		/* that are under way */
	unsigned long until;		/* after the last of them, in jiffies */
};

struct pins {
	struct vfio_device *vdev;
	struct guest *guest;
	atomic_t moving;
	struct llist_head dropped;	/* on the move, to be unpinned by ... */
	struct work_struct drop_work;	/* ... one worker for each guest, whose VFIO may be slow */

	spinlock_t lock;		/* protects the following */
	struct closed_range closed[CLOSED_RANGES];
};

/* A page with an indicator byte, and a subclass that the guest is interrupted by. */
struct pin {
	struct pins *pins;
	dma_addr_t nib;			/* guest address of the byte, its page pinned */
	u8 isc;				/* guest interruption subclass, registered */
	struct llist_node node;		/* in pins.dropped */
	struct irq_pages *pages;	/* NULL: the queue has them */
};

/* Returns 0 or -ENOMEM. */
int vfio_ap_pins_setup(void);
void vfio_ap_pins_cleanup(void);

void vfio_ap_pins_init(struct pins *pins, struct vfio_device *vdev, struct guest *guest);
/* A page is going to be pinned, or is: it is on the move till vfio_ap_pins_end_move(). */
void vfio_ap_pins_begin_move(struct pins *pins);
/* Unpin @pin (NULL: nothing), which is not on the move any more. */
void vfio_ap_pins_end_move(struct pins *pins, struct pin *pin);
/* Wait until nothing is on the move. */
void vfio_ap_pins_wait(struct pins *pins);
/* Pin nothing in this range till shortly after vfio_ap_pins_end_close(). */
struct closed_range *vfio_ap_pins_close(struct pins *pins, u64 iova, u64 length);
/*
 * Wait until nothing is on the move, if only a part of the memory is unmapped for a second at
 * most, and allow the range to be opened.
 */
void vfio_ap_pins_end_close(struct pins *pins, struct closed_range *range);

/*
 * Pin the page of the indicator byte @nib and register the guest's subclass @isc. Fills in
 * @ctrl and @indicator for AQIC. The caller has begun a move. NULL: it cannot be.
 */
struct pin *vfio_ap_pin_new(struct pins *pins, struct kvm_vcpu *vcpu, dma_addr_t nib, u8 isc,
			    ap_irq_control *ctrl, phys_addr_t *indicator);
/* Take out what is @kept, NULL if nothing: it is on the move now. */
struct pin *vfio_ap_pin_take(struct pin **kept);
/* Unpin what was taken out; NULL is taken for nothing. */
void vfio_ap_pin_drop(struct pin *pin);
/* The same by a worker, for a caller that must not wait for VFIO's locks. */
void vfio_ap_pin_drop_later(struct pin *pin);

#endif
