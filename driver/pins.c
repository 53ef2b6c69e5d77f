// SPDX-License-Identifier: GPL-2.0-only
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/wait.h>

#include "guest.h"
#include "pages.h"
#include "pins.h"

/*
 * Time limit of the wait for moving pages, and the time for which a range then
 * stays closed so that VFIO can check it.
 */
#define UNMAP_TIME HZ
#define LOOK_TIME (HZ / 10)

static struct workqueue_struct *drop_wq;
static DECLARE_WAIT_QUEUE_HEAD(pins_at_rest);

int vfio_ap_pins_setup(void)
{
	/*
	 * A caller that unmaps memory waits for this, and may do so in order to
	 * free memory.
	 */
	drop_wq = alloc_workqueue("vfio_ap_unpin", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return drop_wq ? 0 : -ENOMEM;
}

void vfio_ap_pins_cleanup(void)
{
	destroy_workqueue(drop_wq);
}

void vfio_ap_pins_begin_move(struct pins *pins)
{
	atomic_inc(&pins->moving);
}

static void pin_free(struct pin *pin)
{
	struct pins *pins = pin->pins;

	vfio_ap_pages_free(pin->pages);
	vfio_ap_guest_unregister_isc(pins->guest, pin->isc);
	vfio_unpin_pages(pins->vdev, ALIGN_DOWN(pin->nib, PAGE_SIZE), 1);
	kfree(pin);
}

void vfio_ap_pins_end_move(struct pins *pins, struct pin *pin)
{
	if (pin)
		pin_free(pin);
	/* The waiter may free the device, and @pins with it, at once. */
	if (atomic_dec_and_test(&pins->moving))
		wake_up_all(&pins_at_rest);
}

void vfio_ap_pins_wait(struct pins *pins)
{
	wait_event(pins_at_rest, !atomic_read(&pins->moving));
	flush_work(&pins->drop_work);
}

static bool range_is_closed(const struct closed_range *range)
{
	return range->unmaps || time_before(jiffies, range->until);
}

/*
 * If all ranges are in use, the first one is extended: that closes too much for
 * a moment, but opens nothing.
 */
static struct closed_range *find_range(struct pins *pins, u64 first, u64 last)
{
	struct closed_range *range;

	for (range = pins->closed; range < pins->closed + CLOSED_RANGES; range++)
		if (!range_is_closed(range)) {
			range->first = first;
			range->last = last;
			return range;
		}
	range = pins->closed;
	range->first = min(range->first, first);
	range->last = max(range->last, last);
	return range;
}

struct closed_range *vfio_ap_pins_close(struct pins *pins, u64 iova, u64 length)
{
	u64 last = iova + length - 1;
	struct closed_range *range;

	spin_lock(&pins->lock);
	range = find_range(pins, iova, last < iova ? U64_MAX : last);
	range->unmaps++;
	spin_unlock(&pins->lock);
	return range;
}

/*
 * Wait for moving pages. All of the memory is unmapped when a guest's address
 * space is detached. That is not retried, and a page that is unpinned later
 * would meet no address space or another one. So the wait for it has no limit;
 * a caller that detaches holds no lock that pinning needs. A caller that unmaps
 * a part may hold one.
 */
static void wait_closed(struct pins *pins, const struct closed_range *range)
{
	if (!range->first && range->last >= ULONG_MAX - 1)
		vfio_ap_pins_wait(pins);
	else
		wait_event_timeout(pins_at_rest, !atomic_read(&pins->moving), UNMAP_TIME);
}

void vfio_ap_pins_end_close(struct pins *pins, struct closed_range *range)
{
	wait_closed(pins, range);
	spin_lock(&pins->lock);
	range->unmaps--;
	range->until = jiffies + LOOK_TIME;
	spin_unlock(&pins->lock);
}

static bool pins_are_closed(struct pins *pins, dma_addr_t nib)
{
	struct closed_range *range;
	bool closed = false;

	spin_lock(&pins->lock);
	for (range = pins->closed; range < pins->closed + CLOSED_RANGES; range++)
		closed |= range_is_closed(range) && nib >= range->first && nib <= range->last;
	spin_unlock(&pins->lock);
	return closed;
}

struct pin *vfio_ap_pin_take(struct pin **kept)
{
	struct pin *pin = *kept;

	*kept = NULL;
	if (pin)
		vfio_ap_pins_begin_move(pin->pins);
	return pin;
}

void vfio_ap_pin_drop(struct pin *pin)
{
	if (pin)
		vfio_ap_pins_end_move(pin->pins, pin);
}

static void drop_work(struct work_struct *work)
{
	struct pins *pins = container_of(work, struct pins, drop_work);
	struct pin *pin, *next;

	llist_for_each_entry_safe(pin, next, llist_del_all(&pins->dropped), node)
		vfio_ap_pin_drop(pin);
}

void vfio_ap_pin_drop_later(struct pin *pin)
{
	struct pins *pins;

	if (!pin)
		return;
	pins = pin->pins;
	/*
	 * The worker may already process the list, and @pin alone does not keep
	 * @pins.
	 */
	vfio_ap_pins_begin_move(pins);
	llist_add(&pin->node, &pins->dropped);
	queue_work(drop_wq, &pins->drop_work);
	vfio_ap_pins_end_move(pins, NULL);
}

void vfio_ap_pins_init(struct pins *pins, struct vfio_device *vdev, struct guest *guest)
{
	pins->vdev = vdev;
	pins->guest = guest;
	atomic_set(&pins->moving, 0);
	init_llist_head(&pins->dropped);
	INIT_WORK(&pins->drop_work, drop_work);
	spin_lock_init(&pins->lock);
	for (int i = 0; i < CLOSED_RANGES; i++)
		pins->closed[i].until = jiffies;
}

static struct pin *pin_alloc(struct pins *pins, dma_addr_t nib, u8 isc)
{
	struct pin *pin = kzalloc(sizeof(*pin), GFP_KERNEL);

	if (!pin)
		return NULL;
	pin->pages = kzalloc(sizeof(*pin->pages), GFP_KERNEL);
	if (!pin->pages) {
		kfree(pin);
		return NULL;
	}
	pin->pins = pins;
	pin->nib = nib;
	pin->isc = isc;
	return pin;
}

static int pin_down(struct pin *pin, struct kvm_vcpu *vcpu, ap_irq_control *ctrl,
		    phys_addr_t *indicator)
{
	dma_addr_t address = ALIGN_DOWN(pin->nib, PAGE_SIZE);
	void *gisa = vcpu->kvm->arch.gisa_int.origin;
	struct pins *pins = pin->pins;
	struct page *page;
	int isc;

	if (!pin->nib || pins_are_closed(pins, pin->nib))
		return -EINVAL;
	if (vfio_pin_pages(pins->vdev, address, 1, IOMMU_READ | IOMMU_WRITE, &page) != 1)
		return -EFAULT;
	*indicator = page_to_phys(page) | offset_in_page(pin->nib);
	if (!vfio_ap_guest_may_share(vcpu, *indicator & PAGE_MASK))
		goto unpin;
	isc = vfio_ap_guest_register_isc(pins->guest, pin->isc);
	if (isc < 0)
		goto unpin;

	vfio_ap_pages_hold(pin->pages, page, gisa);
	ctrl->ir = 1;
	ctrl->gisc = pin->isc;
	ctrl->isc = isc;
	ctrl->gisa = virt_to_phys(gisa) >> 4;
	return 0;

unpin:
	vfio_unpin_pages(pins->vdev, address, 1);
	return -EFAULT;
}

struct pin *vfio_ap_pin_new(struct pins *pins, struct kvm_vcpu *vcpu, dma_addr_t nib, u8 isc,
			    ap_irq_control *ctrl, phys_addr_t *indicator)
{
	struct pin *pin = pin_alloc(pins, nib, isc);

	if (!pin || !pin_down(pin, vcpu, ctrl, indicator))
		return pin;
	kfree(pin->pages);
	kfree(pin);
	return NULL;
}
