// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <asm/facility.h>

#include "ap_bus.h"
#include "aqic.h"
#include "bus.h"
#include "dbf.h"
#include "event.h"
#include "matrix.h"
#include "queue.h"
#include "registry.h"
#include "requests.h"
#include "reset.h"

#define FACILITY_APFT 15

/* TAPQ stores facilities only if it is told to, where the AP facilities test is installed. */
static struct ap_queue_status tapq(const struct queue *q, struct ap_tapq_hwinfo *info)
{
	return ap_test_for_info(q->apqn, test_facility(FACILITY_APFT), info);
}

static struct queue_answer execute(struct queue *q, bool zapq)
{
	struct ap_tapq_hwinfo info = {};
	struct ap_queue_status status;

	status = zapq ? ap_reset_and_zeroize(q->apqn) : tapq(q, &info);
	return (struct queue_answer) {
		.rc = status.response_code,
		.async = ap_status_is_async(status),
		.idle = status.queue_empty && !status.irq_enabled && !vfio_ap_bus_is_busy(q->aq),
		.hwinfo = info.value,
	};
}

/*
 * A queue that no guest has counts as unavailable until the bus has seen it
 * come back, since the bus then resets it and enables interruptions for the
 * host, whichever guest has it by then.
 */
static void wait_for_bus(struct queue *q, const struct queue_state *state,
			 struct queue_answer *answer)
{
	if (answer->rc == AP_RESPONSE_NORMAL && !state->owner && vfio_ap_bus_sees_away(q->aq))
		answer->rc = AP_RESPONSE_DECONFIGURED;
}

static const struct {
	const char *name;
	int level;
} outcome[] = {
	[QUEUE_RESETTING] = { "resetting", DBF_DEBUG },
	[QUEUE_CLEAN] = { "clean", DBF_DEBUG },
	[QUEUE_USED] = { "reset in its guest", DBF_DEBUG },
	[QUEUE_UNAVAILABLE] = { "unavailable", DBF_WARN },
	[QUEUE_QUARANTINED] = { "quarantined", DBF_ERR },
};

/* A change of a queue's phase, if the two are different, by a reset's response code. */
struct change {
	enum queue_phase before;
	enum queue_phase after;
	u8 rc;
};

static void report(struct queue *q, const struct change *change)
{
	struct device *dev = &q->aq->ap_dev.device;

	if (change->before == change->after)
		return;
	dbf_event(outcome[change->after].level, APQN_FMT ": %s, response code %02x to its reset",
		  APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn), outcome[change->after].name,
		  change->rc);
	if (change->after == QUEUE_QUARANTINED) {
		dev_warn(dev, "quarantined: response code %02x to its reset\n", change->rc);
		vfio_ap_event_queue(dev, "quarantine", q->apqn);
	} else if (change->before == QUEUE_QUARANTINED) {
		dev_notice(dev, "out of quarantine: reset and zeroized\n");
		vfio_ap_event_queue(dev, "recover", q->apqn);
	}
}

static void commit(struct queue *q, const struct queue_state *next, struct change *change)
{
	enum queue_phase before;

	if (vfio_ap_registry_commit(q, next, &before))
		*change = (struct change){ before, next->phase, next->rc };
}

/*
 * The bus polls for the interruptions that it has enabled. If a reset on behalf
 * of the guest comes between, it polls without end. So it is made to start over
 * early enough for this reset to end, and with each retry.
 */
static void hasten_bus(struct queue *q, const struct queue_state *state, enum reset_time time)
{
	if (time == RESET_HALF_TIME || state->phase != QUEUE_RESETTING)
		vfio_ap_bus_resume(q->aq);
}

/*
 * Execute one instruction, as soon as the AP bus does not use the queue: a ZAPQ
 * before would only delay the bus.
 */
static enum queue_step work_out(struct queue *q, struct queue_state *next, enum reset_time time)
{
	struct queue_answer answer;

	if (vfio_ap_bus_is_busy(q->aq)) {
		hasten_bus(q, next, time);
		return vfio_ap_queue_state_pause(next);
	}
	answer = execute(q, vfio_ap_queue_state_wants_zapq(next));
	wait_for_bus(q, next, &answer);
	return vfio_ap_queue_state_answered(next, &answer);
}

/*
 * The caller holds q->irq_lock, so that no AQIC is executed just before the
 * answer or after it.
 */
static enum queue_step advance_undisturbed(struct queue *q, struct change *change)
{
	struct queue_state next;
	enum reset_time time;
	enum queue_step step;

	time = vfio_ap_registry_look(q, &next);
	if (next.phase == QUEUE_CLEAN || next.phase == QUEUE_USED)
		return QUEUE_STEP_DONE;

	step = work_out(q, &next, time);
	if (time == RESET_LATE && step == QUEUE_STEP_SOON) {
		vfio_ap_queue_state_give_up(&next);
		step = vfio_ap_queue_state_pause(&next);
	}
	/*
	 * Interruptions are released while the queue still counts as resetting,
	 * when AQIC does not touch it.
	 */
	if (next.phase != QUEUE_RESETTING)
		vfio_ap_aqic_release(q, next.phase != QUEUE_QUARANTINED);
	commit(q, &next, change);
	return step;
}

/*
 * AQIC that was admitted before the reset began may reach the queue after an
 * instruction of the reset. What the queue then reported of its interruptions
 * would no longer hold.
 */
static enum queue_step advance(struct queue *q)
{
	struct change change = {};
	enum queue_step step;

	if (!mutex_trylock(&q->irq_lock))
		return QUEUE_STEP_SOON;
	step = advance_undisturbed(q, &change);
	mutex_unlock(&q->irq_lock);
	report(q, &change);
	return step;
}

/* A queue that is merely unavailable may come back at any time. */
static unsigned long retry_interval(const struct queue *q)
{
	enum queue_phase phase = READ_ONCE(q->state.phase);

	return phase == QUEUE_QUARANTINED ? vfio_ap_clock_retry_interval(&q->clock) : HZ;
}

void vfio_ap_reset_work(struct work_struct *work)
{
	struct queue *q = container_of(work, struct queue, reset_work.work);
	enum queue_step step = advance(q);

	if (step == QUEUE_STEP_SOON)
		vfio_ap_request_look(q, vfio_ap_clock_interval(&q->clock));
	else if (step == QUEUE_STEP_LATER)
		vfio_ap_request_look(q, retry_interval(q));
}
