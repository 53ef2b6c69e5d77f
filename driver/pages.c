// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/slab.h>

#include "pages.h"

void vfio_ap_pages_hold(struct irq_pages *pages, struct page *indicator, void *gisa)
{
	pages->indicator = indicator;
	pages->gisa = virt_to_page(gisa);
	get_page(pages->indicator);
	get_page(pages->gisa);
}

void vfio_ap_pages_free(struct irq_pages *pages)
{
	if (!pages)
		return;
	put_page(pages->indicator);
	put_page(pages->gisa);
	kfree(pages);
}

void vfio_ap_pages_free_all(struct llist_head *list)
{
	struct irq_pages *pages, *next;

	llist_for_each_entry_safe(pages, next, llist_del_all(list), node)
		vfio_ap_pages_free(pages);
}

bool vfio_ap_pages_abandon(struct llist_head *list)
{
	struct llist_node *all = llist_del_all(list);
	struct irq_pages *pages, *next;

	llist_for_each_entry_safe(pages, next, all, node)
		kfree(pages);
	return all;
}
