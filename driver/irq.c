// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/kvm_host.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "ap_bus.h"
#include "dbf.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"

/* How long AQIC may take to switch interruptions off. */
#define DISABLE_TRIES 100
#define DISABLE_INTERVAL_US 1000

/* How long an unmapped range stays closed, and pages on the move are waited for. */
#define UNMAP_TIME (HZ / 10)

/* PQAP(AQIC) operands: GR0 bits 48-63, GR1 bit 16 and bits 61-63. */
#define AQIC_APQN(vcpu) ((vcpu)->run->s.regs.gprs[0] & 0xffff)
#define AQIC_ENABLE(vcpu) ((vcpu)->run->s.regs.gprs[1] >> (63 - 16) & 1)
#define AQIC_ISC(vcpu) ((vcpu)->run->s.regs.gprs[1] & 0x7)
#define AQIC_NIB(vcpu) ((vcpu)->run->s.regs.gprs[2])

/*
 * What the machine writes to while a queue interrupts. The guest and its VFIO may be gone before
 * a queue that hangs is seen to have stopped; these pages are not given to others till then.
 */
struct irq_pages {
	struct llist_node node;		/* in queue.irq_pages */
	struct page *indicator;
	struct page *gisa;
};

struct queue_irq {
	struct matrix_mdev *mdev;
	dma_addr_t nib;		/* guest address of the indicator byte, its page pinned */
	u8 isc;			/* guest interruption subclass, registered */
	struct llist_node node;	/* in pins.dropped */
	struct irq_pages *pages;	/* NULL: they are the queue's */
};

static struct workqueue_struct *drop_wq;
static DECLARE_WAIT_QUEUE_HEAD(pins_at_rest);

int irq_setup(void)
{
	drop_wq = alloc_workqueue("vfio_ap_unpin", WQ_UNBOUND, 0);
	return drop_wq ? 0 : -ENOMEM;
}

void irq_cleanup(void)
{
	destroy_workqueue(drop_wq);
}

static struct ap_queue_status aqic_response(u8 rc)
{
	return (struct ap_queue_status) { .response_code = rc };
}

static void move_begin(struct matrix_mdev *m)
{
	atomic_inc(&m->pins.moving);
}

static void move_end(struct matrix_mdev *m)
{
	/* Whoever waits may free @m at once. */
	if (atomic_dec_and_test(&m->pins.moving))
		wake_up_all(&pins_at_rest);
}

void irq_wait(struct matrix_mdev *m)
{
	wait_event(pins_at_rest, !atomic_read(&m->pins.moving));
	flush_work(&m->pins.drop_work);
}

static void irq_keep_pages(struct irq_pages *pages, struct page *indicator, void *gisa)
{
	pages->indicator = indicator;
	pages->gisa = virt_to_page(gisa);
	get_page(pages->indicator);
	get_page(pages->gisa);
}

static void irq_free_pages(struct irq_pages *pages)
{
	if (!pages)
		return;
	put_page(pages->indicator);
	put_page(pages->gisa);
	kfree(pages);
}

void irq_stopped(struct queue *q)
{
	struct irq_pages *pages, *next;

	llist_for_each_entry_safe(pages, next, llist_del_all(&q->irq_pages), node)
		irq_free_pages(pages);
}

static void irq_free(struct queue_irq *irq)
{
	if (!irq)
		return;
	irq_free_pages(irq->pages);
	guest_unregister_isc(&irq->mdev->guest, irq->isc);
	vfio_unpin_pages(&irq->mdev->vdev, ALIGN_DOWN(irq->nib, PAGE_SIZE), 1);
	kfree(irq);
}

/* Takes out what @q keeps, for irq_drop() once q->irq_lock is released. */
static struct queue_irq *irq_take(struct queue *q)
{
	struct queue_irq *irq = q->irq;

	lockdep_assert_held(&q->irq_lock);
	q->irq = NULL;
	if (irq)
		move_begin(irq->mdev);
	return irq;
}

static void irq_drop(struct queue_irq *irq)
{
	struct matrix_mdev *m;

	if (!irq)
		return;
	m = irq->mdev;
	irq_free(irq);
	move_end(m);
}

static void irq_drop_work(struct work_struct *work)
{
	struct irq_pins *pins = container_of(work, struct irq_pins, drop_work);
	struct queue_irq *irq, *next;

	llist_for_each_entry_safe(irq, next, llist_del_all(&pins->dropped), node)
		irq_drop(irq);
}

/* For a caller that must not wait for VFIO's locks. */
static void irq_drop_later(struct queue_irq *irq)
{
	struct matrix_mdev *m;

	if (!irq)
		return;
	m = irq->mdev;
	/* The worker may be at the list already: @irq alone does not keep @m. */
	move_begin(m);
	llist_add(&irq->node, &m->pins.dropped);
	queue_work(drop_wq, &m->pins.drop_work);
	move_end(m);
}

void irq_init(struct irq_pins *pins)
{
	atomic_set(&pins->moving, 0);
	init_llist_head(&pins->dropped);
	INIT_WORK(&pins->drop_work, irq_drop_work);
	spin_lock_init(&pins->lock);
	pins->until = jiffies;
}

bool irq_release(struct queue *q, bool stopped)
{
	struct queue_irq *irq;

	if (!mutex_trylock(&q->irq_lock))
		return false;
	irq = irq_take(q);
	if (stopped)
		irq_stopped(q);
	mutex_unlock(&q->irq_lock);
	irq_drop_later(irq);
	return true;
}

static bool irq_is_closed(struct irq_pins *pins, dma_addr_t nib)
{
	bool closed;

	spin_lock(&pins->lock);
	closed = time_before(jiffies, pins->until) && nib >= pins->unmapped &&
		 nib - pins->unmapped < pins->length;
	spin_unlock(&pins->lock);
	return closed;
}

static struct queue_irq *irq_alloc(struct matrix_mdev *m, dma_addr_t nib, u8 isc)
{
	struct queue_irq *irq = kzalloc(sizeof(*irq), GFP_KERNEL);

	if (!irq)
		return NULL;
	irq->pages = kzalloc(sizeof(*irq->pages), GFP_KERNEL);
	if (!irq->pages) {
		kfree(irq);
		return NULL;
	}
	irq->mdev = m;
	irq->nib = nib;
	irq->isc = isc;
	return irq;
}

/* Pins the page of the indicator byte and registers the guest's ISC. */
static int irq_pin(struct queue_irq *irq, struct kvm_vcpu *vcpu,
		   ap_irq_control *ctrl, phys_addr_t *indicator)
{
	struct matrix_mdev *m = irq->mdev;
	struct page *page;
	int isc;

	if (!irq->nib || irq_is_closed(&m->pins, irq->nib))
		return -EINVAL;
	if (vfio_pin_pages(&m->vdev, ALIGN_DOWN(irq->nib, PAGE_SIZE), 1,
			   IOMMU_READ | IOMMU_WRITE, &page) != 1)
		return -EFAULT;
	*indicator = page_to_phys(page) | offset_in_page(irq->nib);
	if (!guest_may_share(&m->guest, vcpu, *indicator & PAGE_MASK,
			     ALIGN_DOWN(irq->nib, PAGE_SIZE)))
		goto unpin;
	isc = guest_register_isc(&m->guest, irq->isc);
	if (isc < 0)
		goto unpin;

	irq_keep_pages(irq->pages, page, vcpu->kvm->arch.gisa_int.origin);
	ctrl->ir = 1;
	ctrl->gisc = irq->isc;
	ctrl->isc = isc;
	ctrl->gisa = virt_to_phys(vcpu->kvm->arch.gisa_int.origin) >> 4;
	return 0;

unpin:
	vfio_unpin_pages(&m->vdev, ALIGN_DOWN(irq->nib, PAGE_SIZE), 1);
	return -EFAULT;
}

static struct queue_irq *irq_prepare(struct matrix_mdev *m, struct kvm_vcpu *vcpu,
				     ap_irq_control *ctrl, phys_addr_t *indicator)
{
	struct queue_irq *irq = irq_alloc(m, AQIC_NIB(vcpu), AQIC_ISC(vcpu));

	if (!irq || !irq_pin(irq, vcpu, ctrl, indicator))
		return irq;
	kfree(irq->pages);
	kfree(irq);
	return NULL;
}

/*
 * Whether @m's guest may have the interruptions of @q changed, as a response code: the queue
 * may have gone to another guest while a page was pinned or a lock was waited for. While
 * q->irq_lock is held, no reset ends, so that the queue goes nowhere.
 */
static u8 irq_admit(const struct queue *q, const struct matrix_mdev *m)
{
	u8 rc = AP_RESPONSE_NORMAL;

	lockdep_assert_held(&q->irq_lock);
	mutex_lock(&registry.lock);
	if (q->state.owner != m)
		rc = AP_RESPONSE_Q_NOT_AVAIL;
	else if (q->state.phase != QUEUE_USED)
		rc = AP_RESPONSE_RESET_IN_PROGRESS;
	mutex_unlock(&registry.lock);
	return rc;
}

/* The queue interrupts by *@irq from now on. */
static void irq_install(struct queue *q, struct queue_irq **irq)
{
	/* They were off, or AQIC would have been refused. */
	irq_stopped(q);
	llist_add(&(*irq)->pages->node, &q->irq_pages);
	(*irq)->pages = NULL;
	swap(q->irq, *irq);
}

/* Leaves in @irq what is not needed: the new one, or what the queue kept before. */
static struct ap_queue_status irq_switch_on(struct queue *q, struct queue_irq **irq,
					    ap_irq_control ctrl, phys_addr_t indicator)
{
	struct ap_queue_status status;

	mutex_lock(&q->irq_lock);
	status = aqic_response(irq_admit(q, (*irq)->mdev));
	if (status.response_code == AP_RESPONSE_NORMAL) {
		status = ap_aqic(q->apqn, ctrl, indicator);
		if (status.response_code == AP_RESPONSE_NORMAL)
			irq_install(q, irq);
	}
	mutex_unlock(&q->irq_lock);
	return status;
}

static struct ap_queue_status irq_enable(struct queue *q, struct matrix_mdev *m,
					 struct kvm_vcpu *vcpu)
{
	struct ap_queue_status status = aqic_response(AP_RESPONSE_INVALID_ADDRESS);
	ap_irq_control ctrl = {};
	struct queue_irq *irq;
	phys_addr_t indicator;

	move_begin(m);
	irq = irq_prepare(m, vcpu, &ctrl, &indicator);
	if (irq)
		status = irq_switch_on(q, &irq, ctrl, indicator);
	irq_free(irq);
	move_end(m);
	return status;
}

/* Whether the queue is seen to have its interruptions off. */
static bool irq_is_off(struct queue *q)
{
	struct ap_queue_status status = ap_tapq(q->apqn, NULL);

	switch (status.response_code) {
	case AP_RESPONSE_Q_NOT_AVAIL:
	case AP_RESPONSE_DECONFIGURED:
	case AP_RESPONSE_CHECKSTOPPED:
		return true;
	default:
		return !status.irq_enabled;
	}
}

/* The answer of AQIC comes before the interruptions are off. */
static bool irq_wait_off(struct queue *q)
{
	for (int i = 0; i < DISABLE_TRIES; i++) {
		if (irq_is_off(q))
			return true;
		usleep_range(DISABLE_INTERVAL_US, 2 * DISABLE_INTERVAL_US);
	}
	return false;
}

/* What the queue keeps stays with it if the hardware may still use it: for the reset. */
static struct ap_queue_status irq_switch_off(struct queue *q, struct queue_irq **irq)
{
	struct ap_queue_status status;
	ap_irq_control off = {};

	lockdep_assert_held(&q->irq_lock);
	status = ap_aqic(q->apqn, off, 0);
	if (status.response_code != AP_RESPONSE_BUSY &&
	    status.response_code != AP_RESPONSE_RESET_IN_PROGRESS && irq_wait_off(q)) {
		*irq = irq_take(q);
		irq_stopped(q);
	}
	return status;
}

static struct ap_queue_status irq_disable(struct queue *q, const struct matrix_mdev *m)
{
	struct ap_queue_status status;
	struct queue_irq *irq = NULL;

	mutex_lock(&q->irq_lock);
	status = aqic_response(irq_admit(q, m));
	if (status.response_code == AP_RESPONSE_NORMAL)
		status = irq_switch_off(q, &irq);
	mutex_unlock(&q->irq_lock);
	irq_drop(irq);
	return status;
}

static struct ap_queue_status irq_control(struct matrix_mdev *m, struct kvm_vcpu *vcpu)
{
	struct queue *q = queue_get_owned(AQIC_APQN(vcpu), m);
	struct ap_queue_status status;

	if (!q)
		return aqic_response(AP_RESPONSE_Q_NOT_AVAIL);
	status = AQIC_ENABLE(vcpu) ? irq_enable(q, m, vcpu) : irq_disable(q, m);
	queue_put(q);
	return status;
}

int irq_hook(struct kvm_vcpu *vcpu)
{
	struct matrix_mdev *m = container_of(vcpu->kvm->arch.crypto.pqap_hook,
					     struct matrix_mdev, guest.hook);
	unsigned int apqn = AQIC_APQN(vcpu);
	struct ap_queue_status status;
	u32 word;

	if (!(vcpu->arch.sie_block->eca & ECA_AIV))
		return -EOPNOTSUPP;
	status = irq_control(m, vcpu);
	if (status.response_code)
		dbf_event(DBF_WARN, "vfio%u: AQIC of " APQN_FMT ": response code %02x",
			  m->vdev.index, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn),
			  status.response_code);
	BUILD_BUG_ON(sizeof(status) != sizeof(word));
	memcpy(&word, &status, sizeof(word));
	vcpu->run->s.regs.gprs[1] = word;
	return 0;
}

/* The page goes away whether the hardware answers or not. */
static void irq_revoke(struct queue *q, struct matrix_mdev *m, u64 iova, u64 length)
{
	struct queue_irq *irq = NULL;

	mutex_lock(&q->irq_lock);
	if (q->irq && q->irq->mdev == m && q->irq->nib >= iova && q->irq->nib - iova < length) {
		irq_switch_off(q, &irq);
		if (!irq)
			irq = irq_take(q);
	}
	mutex_unlock(&q->irq_lock);
	irq_drop_later(irq);
}

static void irq_close(struct irq_pins *pins, u64 iova, u64 length)
{
	spin_lock(&pins->lock);
	pins->unmapped = iova;
	pins->length = length;
	pins->until = jiffies + UNMAP_TIME;
	spin_unlock(&pins->lock);
}

/*
 * VFIO calls again while pages are pinned, but not for ever. So nothing more is
 * pinned there, and what is on the move is waited for; not for ever either,
 * since it may need the lock of a caller that waits for this one.
 */
void irq_unmap(struct matrix_mdev *m, u64 iova, u64 length)
{
	unsigned long apqn = 0;
	struct queue *q;

	irq_close(&m->pins, iova, length);
	for (; (q = queue_next_tenanted(m, &apqn)); apqn++) {
		irq_revoke(q, m, iova, length);
		queue_put(q);
	}
	wait_event_timeout(pins_at_rest, !atomic_read(&m->pins.moving), UNMAP_TIME);
}
