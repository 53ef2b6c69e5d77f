/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the queues of one guest keep pinned while they interrupt it.
 *
 * Pages are pinned and unpinned without a lock, since VFIO has its own, which
 * it may hold when it reports that memory is unmapped. So for a moment a pinned
 * page may belong to no queue; such a page is called moving. Whoever unmaps
 * memory waits for moving pages.
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

/*
 * The number of ranges of a guest's memory that may be closed separately at the
 * same time.
 */
#define CLOSED_RANGES 4

/*
 * A range of memory that the guest unmaps, or has just unmapped. No page is
 * pinned in it.
 */
struct closed_range {
	u64 first;
	u64 last;
	unsigned int unmaps;		/* number in progress */
	unsigned long until;		/* end of closing after the last, in jiffies */
};

struct pins {
	struct vfio_device *vdev;
	struct guest *guest;
	atomic_t moving;
	struct llist_head dropped;	/* moving pins, which are unpinned by ... */
	struct work_struct drop_work;	/* ... this worker of each guest, as its VFIO may be slow */

	spinlock_t lock;		/* protects the following */
	struct closed_range closed[CLOSED_RANGES];
};

/*
 * The page of an indicator byte, and the subclass by which the guest is
 * interrupted.
 */
struct pin {
	struct pins *pins;
	dma_addr_t nib;			/* guest address of the byte, whose page is pinned */
	u8 isc;				/* guest interruption subclass, which is registered */
	struct llist_node node;		/* linked in pins.dropped */
	struct irq_pages *pages;	/* NULL once the queue owns them */
};

/* Return 0 or -ENOMEM. */
int vfio_ap_pins_setup(void);
void vfio_ap_pins_cleanup(void);

void vfio_ap_pins_init(struct pins *pins, struct vfio_device *vdev, struct guest *guest);
/*
 * Count a page as moving, from before it is pinned until
 * vfio_ap_pins_end_move().
 */
void vfio_ap_pins_begin_move(struct pins *pins);
/* End a move, and unpin @pin unless that is NULL. */
void vfio_ap_pins_end_move(struct pins *pins, struct pin *pin);
/* Wait until no page is moving. */
void vfio_ap_pins_wait(struct pins *pins);
/*
 * Close the range of @length bytes from @iova: no page is pinned in it until
 * shortly after vfio_ap_pins_end_close().
 */
struct closed_range *vfio_ap_pins_close(struct pins *pins, u64 iova, u64 length);
/*
 * Wait until no page is moving, then let the range be opened. Unless all of the
 * memory is unmapped, the wait is limited to a second.
 */
void vfio_ap_pins_end_close(struct pins *pins, struct closed_range *range);

/*
 * Pin the page of the indicator byte @nib, register the guest's subclass @isc,
 * and fill in @ctrl and @indicator for AQIC. The caller has begun a move.
 * Return NULL if that is not possible.
 */
struct pin *vfio_ap_pin_new(struct pins *pins, struct kvm_vcpu *vcpu, dma_addr_t nib, u8 isc,
			    ap_irq_control *ctrl, phys_addr_t *indicator);
/*
 * Take the pin out of *@kept, and count its page as moving. Return NULL if
 * there is none.
 */
struct pin *vfio_ap_pin_take(struct pin **kept);
/* Unpin a @pin that was taken out, unless that is NULL. */
void vfio_ap_pin_drop(struct pin *pin);
/*
 * Have a worker unpin @pin, for a caller that must not wait for the locks of
 * VFIO.
 */
void vfio_ap_pin_drop_later(struct pin *pin);

#endif
