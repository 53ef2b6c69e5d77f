/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages to which the machine may write for a queue that interrupts its
 * guest. The guest and its VFIO device may be gone before a queue that hangs is
 * known to have stopped. Until then, references on these pages keep them from
 * being reused.
 */
#ifndef VFIO_AP_PAGES_H
#define VFIO_AP_PAGES_H

#include <linux/llist.h>
#include <linux/types.h>

struct page;

struct irq_pages {
	struct llist_node node;		/* linked in queue.irq_pages */
	struct page *indicator;
	struct page *gisa;
};

/*
 * Take references on the page of the indicator, and on the page of the GISA at
 * @gisa.
 */
void vfio_ap_pages_hold(struct irq_pages *pages, struct page *indicator, void *gisa);
/* Drop the references and free @pages, which may be NULL. */
void vfio_ap_pages_free(struct irq_pages *pages);
/* Free all pages in @list, whose queue has stopped writing. */
void vfio_ap_pages_free_all(struct llist_head *list);
/*
 * Empty @list, but keep the references for good, as its queue is being freed
 * and may still write. Return whether there were any pages.
 */
bool vfio_ap_pages_abandon(struct llist_head *list);

#endif
