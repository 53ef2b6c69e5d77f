// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of one guest's AQIC.
 *
 * A guest executes PQAP(AQIC) to enable or disable interruptions of a queue.
 * That leaves SIE, and KVM calls vfio_ap_aqic_hook() on the vCPU. The guest has
 * named a queue, an interruption subclass (ISC) and the address of a byte (NIB)
 * that the machine sets when a reply is ready.
 *
 * Enabling: the page of the byte is pinned and the ISC registered with KVM
 * (struct pin), and references are taken on that page and on the page of the
 * guest's GISA, as the machine is going to write to both (struct irq_pages).
 * All this waits for VFIO or KVM and is done without a lock, so the page counts
 * as moving. Then, under queue.irq_lock, the driver checks that the queue
 * belongs to this guest and is not being reset, and executes AQIC with the
 * host's addresses. If the queue accepts it, the queue owns the pin and the
 * pages, and what it held before is released; otherwise they are released.
 *
 * Disabling: under queue.irq_lock, the driver executes AQIC, then TAPQ until
 * that reports interruptions as disabled, for a fifth of a second at most. Then
 * pin and pages are released. If TAPQ does not report that, the queue keeps
 * them, and a later AQIC or a reset releases them.
 *
 * A reset disables interruptions, too. Its worker holds queue.irq_lock over
 * each instruction and what follows from it, and calls vfio_ap_aqic_release()
 * before the queue comes to rest. So AQIC that was admitted before is executed
 * before the answer that decides. When the time limit of a reset is over, the
 * guest may go: the pin is released, but not the pages, since the queue might
 * still write. The queue keeps them until a later reset is known to have
 * succeeded.
 *
 * When the guest unmaps the memory, vfio_ap_aqic_unmap() takes the pin from the
 * queue, since VFIO waits for that; the queue keeps the pages unless it reports
 * that it has stopped.
 */
#include <linux/delay.h>
#include <linux/kvm_host.h>

#include "ap_bus.h"
#include "aqic.h"
#include "dbf.h"
#include "mdev.h"
#include "pages.h"
#include "pins.h"
#include "queue.h"
#include "registry.h"

/* Limits of the wait for AQIC to disable interruptions. */
#define DISABLE_TRIES 100
#define DISABLE_INTERVAL_US 1000

/*
 * The operands of PQAP(AQIC) are GR0 bits 48-63, GR1 bit 16 and GR1 bits 61-63.
 */
#define AQIC_APQN(vcpu) ((vcpu)->run->s.regs.gprs[0] & 0xffff)
#define AQIC_ENABLE(vcpu) ((vcpu)->run->s.regs.gprs[1] >> (63 - 16) & 1)
#define AQIC_ISC(vcpu) ((vcpu)->run->s.regs.gprs[1] & 0x7)
#define AQIC_NIB(vcpu) ((vcpu)->run->s.regs.gprs[2])

static struct ap_queue_status response(u8 rc)
{
	return (struct ap_queue_status) { .response_code = rc };
}

/* Take out the pin of @q. The caller drops it after releasing q->irq_lock. */
static struct pin *take_pin(struct queue *q)
{
	lockdep_assert_held(&q->irq_lock);
	return vfio_ap_pin_take(&q->pin);
}

void vfio_ap_aqic_release(struct queue *q, bool stopped)
{
	struct pin *pin = take_pin(q);

	if (stopped)
		vfio_ap_pages_free_all(&q->irq_pages);
	vfio_ap_pin_drop_later(pin);
}

void vfio_ap_aqic_abandon(struct queue *q)
{
	mutex_lock(&q->irq_lock);
	vfio_ap_aqic_release(q, false);
	mutex_unlock(&q->irq_lock);
}

/*
 * Return, as a response code, whether @m's guest may change the interruptions
 * of @q. The check is made without a lock first, so that a guest cannot keep
 * q->irq_lock from a reset, and again under that lock, since the queue may have
 * gone to another guest while a page was pinned or the lock was waited for.
 * While q->irq_lock is held, no reset ends, so the queue stays where it is.
 */
static u8 admit(const struct queue *q, const struct matrix_mdev *m)
{
	struct queue_status status = vfio_ap_registry_status(q);

	if (status.owner != m)
		return AP_RESPONSE_Q_NOT_AVAIL;
	return status.phase == QUEUE_USED ? AP_RESPONSE_NORMAL : AP_RESPONSE_RESET_IN_PROGRESS;
}

/* Give *@pin to the queue, and leave in *@pin what the queue held before. */
static void install(struct queue *q, struct pin **pin)
{
	/*
	 * Interruptions were disabled, or else AQIC would have failed with
	 * response code 07.
	 */
	vfio_ap_pages_free_all(&q->irq_pages);
	llist_add(&(*pin)->pages->node, &q->irq_pages);
	(*pin)->pages = NULL;
	swap(q->pin, *pin);
}

/*
 * Return whether the queue reports its interruptions as disabled. A queue that
 * does not report anything does not count as disabled.
 */
static bool is_off(struct queue *q)
{
	struct ap_queue_status status = ap_tapq(q->apqn, NULL);

	if (ap_status_is_async(status))
		return false;
	switch (status.response_code) {
	case AP_RESPONSE_NORMAL:
		return !status.irq_enabled;
	case AP_RESPONSE_Q_NOT_AVAIL:
	case AP_RESPONSE_DECONFIGURED:
	case AP_RESPONSE_CHECKSTOPPED:
		return true;
	default:
		return false;
	}
}

/* AQIC completes before the interruptions are disabled. */
static bool wait_off(struct queue *q)
{
	for (int i = 0; i < DISABLE_TRIES; i++) {
		if (is_off(q))
			return true;
		usleep_range(DISABLE_INTERVAL_US, 2 * DISABLE_INTERVAL_US);
	}
	return false;
}

/*
 * Return whether the queue holds a pin other than the one that the guest asks
 * for.
 */
static bool keeps_another(const struct queue *q, const struct pin *pin)
{
	return q->pin && (q->pin->nib != pin->nib || q->pin->isc != pin->isc);
}

/*
 * Interruptions may be enabled for another user than the guest: for the host,
 * since the AP bus has initialized a queue that a guest has, or for a page that
 * was taken away meanwhile. The queue may still hold what the guest had before.
 * Thus a guest that asks for the same again gets it; response code 07 would
 * make it wait for interruptions that go to the host.
 */
static struct ap_queue_status switch_over(struct queue *q, const struct pin *pin,
					  ap_irq_control ctrl, phys_addr_t indicator)
{
	struct ap_queue_status status = ap_aqic(q->apqn, ctrl, indicator);
	ap_irq_control off = {};

	if (status.response_code != AP_RESPONSE_OTHERWISE_CHANGED || keeps_another(q, pin))
		return status;
	ap_aqic(q->apqn, off, 0);
	return wait_off(q) ? ap_aqic(q->apqn, ctrl, indicator) : response(AP_RESPONSE_BUSY);
}

/*
 * Leave in *@pin what is to be dropped: the pin just made, or the one that the
 * queue held before.
 */
static struct ap_queue_status switch_on(struct queue *q, struct matrix_mdev *m, struct pin **pin,
					ap_irq_control ctrl, phys_addr_t indicator)
{
	struct ap_queue_status status;

	mutex_lock(&q->irq_lock);
	status = response(admit(q, m));
	if (status.response_code == AP_RESPONSE_NORMAL) {
		status = switch_over(q, *pin, ctrl, indicator);
		if (status.response_code == AP_RESPONSE_NORMAL)
			install(q, pin);
	}
	mutex_unlock(&q->irq_lock);
	return status;
}

static struct ap_queue_status enable(struct queue *q, struct matrix_mdev *m,
				     struct kvm_vcpu *vcpu)
{
	struct ap_queue_status status = response(AP_RESPONSE_INVALID_ADDRESS);
	ap_irq_control ctrl = {};
	phys_addr_t indicator;
	struct pin *pin;

	vfio_ap_pins_begin_move(&m->pins);
	pin = vfio_ap_pin_new(&m->pins, vcpu, AQIC_NIB(vcpu), AQIC_ISC(vcpu), &ctrl, &indicator);
	if (pin)
		status = switch_on(q, m, &pin, ctrl, indicator);
	vfio_ap_pins_end_move(&m->pins, pin);
	return status;
}

/*
 * The queue keeps its pin, for a reset to release, if the hardware may still
 * use it.
 */
static struct ap_queue_status switch_off(struct queue *q, struct pin **pin)
{
	struct ap_queue_status status;
	ap_irq_control off = {};

	lockdep_assert_held(&q->irq_lock);
	status = ap_aqic(q->apqn, off, 0);
	if (status.response_code != AP_RESPONSE_BUSY &&
	    status.response_code != AP_RESPONSE_RESET_IN_PROGRESS && wait_off(q)) {
		*pin = take_pin(q);
		vfio_ap_pages_free_all(&q->irq_pages);
	}
	return status;
}

static struct ap_queue_status disable(struct queue *q, const struct matrix_mdev *m)
{
	struct ap_queue_status status;
	struct pin *pin = NULL;

	mutex_lock(&q->irq_lock);
	status = response(admit(q, m));
	if (status.response_code == AP_RESPONSE_NORMAL)
		status = switch_off(q, &pin);
	mutex_unlock(&q->irq_lock);
	vfio_ap_pin_drop(pin);
	return status;
}

static struct ap_queue_status control(struct matrix_mdev *m, struct kvm_vcpu *vcpu)
{
	struct queue *q = vfio_ap_registry_get_owned(AQIC_APQN(vcpu), m);
	struct ap_queue_status status;

	if (!q)
		return response(AP_RESPONSE_Q_NOT_AVAIL);
	status = response(admit(q, m));
	if (status.response_code == AP_RESPONSE_NORMAL)
		status = AQIC_ENABLE(vcpu) ? enable(q, m, vcpu) : disable(q, m);
	vfio_ap_queue_put(q);
	return status;
}

int vfio_ap_aqic_hook(struct kvm_vcpu *vcpu)
{
	struct matrix_mdev *m = container_of(vcpu->kvm->arch.crypto.pqap_hook,
					     struct matrix_mdev, guest.hook);
	unsigned int apqn = AQIC_APQN(vcpu);
	struct ap_queue_status status;
	u32 word;

	if (!(vcpu->arch.sie_block->eca & ECA_AIV))
		return -EOPNOTSUPP;
	status = control(m, vcpu);
	if (status.response_code)
		dbf_event(DBF_WARN, "vfio%u: AQIC of " APQN_FMT ": response code %02x",
			  m->vdev.index, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn),
			  status.response_code);
	BUILD_BUG_ON(sizeof(status) != sizeof(word));
	memcpy(&word, &status, sizeof(word));
	vcpu->run->s.regs.gprs[1] = word;
	return 0;
}

/* Take the page away, whether the hardware answers or not. */
static void revoke(struct queue *q, struct matrix_mdev *m, u64 iova, u64 length)
{
	struct pin *pin = NULL;

	mutex_lock(&q->irq_lock);
	if (q->pin && q->pin->pins == &m->pins && q->pin->nib >= iova &&
	    q->pin->nib - iova < length) {
		switch_off(q, &pin);
		if (!pin)
			pin = take_pin(q);
	}
	mutex_unlock(&q->irq_lock);
	vfio_ap_pin_drop_later(pin);
}

/*
 * VFIO calls again while pages are pinned, but after ten calls it gives up with
 * a BUG.
 */
void vfio_ap_aqic_unmap(struct matrix_mdev *m, u64 iova, u64 length)
{
	struct closed_range *range = vfio_ap_pins_close(&m->pins, iova, length);
	unsigned long apqn = 0;
	struct queue *q;

	for (; (q = vfio_ap_registry_next_tenanted(m, &apqn)); apqn++) {
		revoke(q, m, iova, length);
		vfio_ap_queue_put(q);
	}
	vfio_ap_pins_end_close(&m->pins, range);
}
