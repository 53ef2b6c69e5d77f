/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages that the machine may write to for a queue that interrupts its guest. The guest and
 * its VFIO may be gone before a queue that hangs is seen to have stopped; references on these
 * pages keep others from getting them till then.
 */
#ifndef VFIO_AP_PAGES_H
#define VFIO_AP_PAGES_H

#include <linux/llist.h>
#include <linux/types.h>

struct page;

struct irq_pages {
	struct llist_node node;		/* in queue.irq_pages */
	struct page *indicator;
	struct page *gisa;
};

/* Take references on the indicator's page and on the page of the GISA, which lies at @gisa. */
void vfio_ap_pages_hold(struct irq_pages *pages, struct page *indicator, void *gisa);
/* Drop them, and free @pages, which may be NULL. */
void vfio_ap_pages_free(struct irq_pages *pages);
/* The queue does not write any more: free all that it has in @list. */
void vfio_ap_pages_free_all(struct llist_head *list);
/*
 * The queue in whose @list they are goes, and may write for ever: keep the references. Returns
 * whether there was anything to keep.
 */
bool vfio_ap_pages_abandon(struct llist_head *list);

#endif
