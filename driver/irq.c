// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/kvm_host.h>
#include <linux/vfio.h>

#include "ap_bus.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"

/* How long AQIC may take to switch interruptions off. */
#define DISABLE_TRIES 100
#define DISABLE_INTERVAL_US 1000

/* PQAP(AQIC) operands: GR0 bits 48-63, GR1 bit 16 and bits 61-63. */
#define AQIC_APQN(vcpu) ((vcpu)->run->s.regs.gprs[0] & 0xffff)
#define AQIC_ENABLE(vcpu) ((vcpu)->run->s.regs.gprs[1] >> (63 - 16) & 1)
#define AQIC_ISC(vcpu) ((vcpu)->run->s.regs.gprs[1] & 0x7)
#define AQIC_NIB(vcpu) ((vcpu)->run->s.regs.gprs[2])

static struct ap_queue_status aqic_response(u8 rc)
{
	return (struct ap_queue_status) { .response_code = rc };
}

static void irq_free(struct queue_irq *irq)
{
	if (!irq->mdev)
		return;
	guest_unregister_isc(&irq->mdev->guest, irq->isc);
	vfio_unpin_pages(&irq->mdev->vdev, ALIGN_DOWN(irq->nib, PAGE_SIZE), 1);
	memset(irq, 0, sizeof(*irq));
}

void irq_release(struct queue *q)
{
	mutex_lock(&q->irq_lock);
	irq_free(&q->irq);
	mutex_unlock(&q->irq_lock);
}

/* Pins the page of the indicator byte and registers the guest's ISC. */
static int irq_prepare(struct queue_irq *irq, struct matrix_mdev *m, struct kvm_vcpu *vcpu,
		       ap_irq_control *ctrl, phys_addr_t *indicator)
{
	dma_addr_t nib = AQIC_NIB(vcpu);
	struct page *page;
	int isc;

	if (!nib)
		return -EINVAL;
	if (vfio_pin_pages(&m->vdev, ALIGN_DOWN(nib, PAGE_SIZE), 1,
			   IOMMU_READ | IOMMU_WRITE, &page) != 1)
		return -EFAULT;
	*indicator = page_to_phys(page) | offset_in_page(nib);
	if (!guest_may_share(&m->guest, vcpu, *indicator & PAGE_MASK))
		goto unpin;
	isc = guest_register_isc(&m->guest, AQIC_ISC(vcpu));
	if (isc < 0)
		goto unpin;

	ctrl->ir = 1;
	ctrl->gisc = AQIC_ISC(vcpu);
	ctrl->isc = isc;
	ctrl->gisa = virt_to_phys(vcpu->kvm->arch.gisa_int.origin) >> 4;
	*irq = (struct queue_irq) { .mdev = m, .nib = nib, .isc = AQIC_ISC(vcpu) };
	return 0;

unpin:
	vfio_unpin_pages(&m->vdev, ALIGN_DOWN(nib, PAGE_SIZE), 1);
	return -EFAULT;
}

static struct ap_queue_status irq_enable(struct queue *q, struct matrix_mdev *m,
					 struct kvm_vcpu *vcpu)
{
	ap_irq_control ctrl = {};
	struct ap_queue_status status;
	struct queue_irq irq = {};
	phys_addr_t indicator;

	if (irq_prepare(&irq, m, vcpu, &ctrl, &indicator))
		return aqic_response(AP_RESPONSE_INVALID_ADDRESS);
	status = ap_aqic(q->apqn, ctrl, indicator);
	/* Keep what the hardware uses from now on, give back the other one. */
	if (status.response_code == AP_RESPONSE_NORMAL)
		swap(q->irq, irq);
	irq_free(&irq);
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

/* Keeps the indicator byte until a reset if the hardware may still set it. */
static struct ap_queue_status irq_disable(struct queue *q)
{
	ap_irq_control off = {};
	struct ap_queue_status status = ap_aqic(q->apqn, off, 0);

	switch (status.response_code) {
	case AP_RESPONSE_BUSY:
	case AP_RESPONSE_RESET_IN_PROGRESS:
		break;
	default:
		if (irq_wait_off(q))
			irq_free(&q->irq);
	}
	return status;
}

static bool queue_resetting(struct queue *q)
{
	bool resetting;

	mutex_lock(&registry.lock);
	resetting = q->state.phase != QUEUE_USED;
	mutex_unlock(&registry.lock);
	return resetting;
}

static struct ap_queue_status irq_control(struct matrix_mdev *m, struct kvm_vcpu *vcpu)
{
	struct queue *q = queue_get_owned(AQIC_APQN(vcpu), m);
	struct ap_queue_status status;

	if (!q)
		return aqic_response(AP_RESPONSE_Q_NOT_AVAIL);
	mutex_lock(&q->irq_lock);
	if (queue_resetting(q))
		status = aqic_response(AP_RESPONSE_RESET_IN_PROGRESS);
	else if (AQIC_ENABLE(vcpu))
		status = irq_enable(q, m, vcpu);
	else
		status = irq_disable(q);
	mutex_unlock(&q->irq_lock);
	queue_put(q);
	return status;
}

int irq_hook(struct kvm_vcpu *vcpu)
{
	struct matrix_mdev *m = container_of(vcpu->kvm->arch.crypto.pqap_hook,
					     struct matrix_mdev, guest.hook);
	struct ap_queue_status status;
	u32 word;

	if (!(vcpu->arch.sie_block->eca & ECA_AIV))
		return -EOPNOTSUPP;
	status = irq_control(m, vcpu);
	BUILD_BUG_ON(sizeof(status) != sizeof(word));
	memcpy(&word, &status, sizeof(word));
	vcpu->run->s.regs.gprs[1] = word;
	return 0;
}

/* The page goes away whether the hardware answers or not. */
static void irq_unmap_queue(struct queue *q, struct matrix_mdev *m, u64 iova, u64 length)
{
	mutex_lock(&q->irq_lock);
	if (q->irq.mdev == m && q->irq.nib >= iova && q->irq.nib - iova < length) {
		irq_disable(q);
		irq_free(&q->irq);
	}
	mutex_unlock(&q->irq_lock);
}

void irq_unmap(struct matrix_mdev *m, u64 iova, u64 length)
{
	unsigned long apqn = 0;
	struct queue *q;

	for (; (q = queue_next_tenanted(m, &apqn)); apqn++) {
		irq_unmap_queue(q, m, iova, length);
		queue_put(q);
	}
}
