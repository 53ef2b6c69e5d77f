// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/moduleparam.h>

#include "ap_bus.h"
#include "dbf.h"
#include "event.h"
#include "mdev.h"
#include "queue.h"
#include "registry.h"
#include "reset.h"

#define RETRY_INTERVAL HZ
#define LONGEST_POLL_INTERVAL (HZ / 50)

/*
 * Time for the ap bus to begin what it does to a queue that it has just
 * created, which is after the probe callback. From then on its state tells.
 */
#define FIRST_LOOK 2

static unsigned int reset_timeout_ms = 5000;
module_param(reset_timeout_ms, uint, 0644);
MODULE_PARM_DESC(reset_timeout_ms, "Milliseconds before a queue in reset is quarantined");

/*
 * Workers wait for no hardware and no guest. A few of them do what many could, and
 * do not keep each other from registry.lock and the CPUs.
 */
#define WORKERS 8

static struct workqueue_struct *reset_wq;

int reset_setup(void)
{
	reset_wq = alloc_workqueue("vfio_ap_reset", WQ_UNBOUND, WORKERS);
	return reset_wq ? 0 : -ENOMEM;
}

void reset_cleanup(void)
{
	destroy_workqueue(reset_wq);
}

/*
 * The ap bus initializes a queue that it has created by a reset of its own and,
 * where it can, by switching on interruptions for the host. Until that is done a
 * ZAPQ would only delay it.
 */
static bool bus_busy(struct ap_queue *aq)
{
	bool busy;

	spin_lock_bh(&aq->lock);
	busy = aq->dev_state == AP_DEV_STATE_OPERATING && aq->sm_state < AP_SM_STATE_IDLE;
	spin_unlock_bh(&aq->lock);
	return busy;
}

static struct queue_answer reset_execute(struct queue *q, bool zapq)
{
	struct ap_queue_status status;

	status = zapq ? ap_reset_and_zeroize(q->apqn) : ap_tapq(q->apqn, NULL);
	return (struct queue_answer) {
		.rc = status.response_code,
		.idle = status.queue_empty && !status.irq_enabled && !bus_busy(q->aq),
	};
}

/* A queue has come to rest: tell those who wait for it or could use it now. */
static void reset_settled(struct queue *q)
{
	struct matrix_mdev *m = registry_claimant(q->apqn);

	lockdep_assert_held(&registry.lock);
	if (m)
		matrix_mdev_request_refresh(m);
	if (q->tenant && q->tenant != m)
		matrix_mdev_request_refresh(q->tenant);
	if (!q->state.owner)
		q->tenant = NULL;
	if (q->state.phase == QUEUE_CLEAN)
		registry_leave(q->apqn, false);
	queue_settled(q);
	queue_notify(q);
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

static void reset_report(struct queue *q, enum queue_phase before, const struct queue_state *next)
{
	struct device *dev = &q->aq->ap_dev.device;
	enum queue_phase after = next->phase;

	if (before == after)
		return;
	dbf_event(outcome[after].level, APQN_FMT ": %s, response code %02x to its reset",
		  APQN_ADAPTER(q->apqn), APQN_DOMAIN(q->apqn), outcome[after].name, next->rc);
	if (after == QUEUE_QUARANTINED) {
		dev_warn(dev, "quarantined: response code %02x to its reset\n", next->rc);
		event_queue(dev, "quarantine", q->apqn);
	} else if (before == QUEUE_QUARANTINED) {
		dev_notice(dev, "out of quarantine: reset and zeroized\n");
		event_queue(dev, "recover", q->apqn);
	}
}

static void reset_start_clock(struct queue *q)
{
	lockdep_assert_held(&registry.lock);
	WRITE_ONCE(q->begun, jiffies);
	q->deadline = jiffies + msecs_to_jiffies(READ_ONCE(reset_timeout_ms));
}

static void reset_commit(struct queue *q, const struct queue_state *next)
{
	enum queue_phase before;
	bool stale;

	mutex_lock(&registry.lock);
	before = q->state.phase;
	stale = q->state.epoch != next->epoch;
	if (!stale) {
		q->state = *next;
		if (before != next->phase)
			reset_settled(q);
	}
	mutex_unlock(&registry.lock);
	if (!stale)
		reset_report(q, before, next);
}

/* One instruction, as soon as the ap bus leaves the queue alone. */
static enum queue_step reset_work_out(struct queue *q, struct queue_state *next)
{
	struct queue_answer answer;

	if (bus_busy(q->aq))
		return queue_state_pause(next);
	answer = reset_execute(q, queue_state_wants_zapq(next));
	return queue_state_answered(next, &answer);
}

/*
 * The guest's interrupts end while the queue still counts as resetting, so that
 * AQIC keeps its hands off. If it is at the queue yet, its state stays.
 */
static enum queue_step reset_advance(struct queue *q)
{
	struct queue_state next;
	enum queue_step step;
	bool late;

	mutex_lock(&registry.lock);
	next = q->state;
	/* Each retry has its time. */
	if (queue_state_pause(&next) == QUEUE_STEP_LATER)
		reset_start_clock(q);
	late = time_after(jiffies, q->deadline);
	mutex_unlock(&registry.lock);
	if (next.phase == QUEUE_CLEAN || next.phase == QUEUE_USED)
		return QUEUE_STEP_DONE;

	step = reset_work_out(q, &next);
	if (late && step == QUEUE_STEP_SOON) {
		queue_state_give_up(&next);
		step = queue_state_pause(&next);
	}
	if (next.phase != QUEUE_RESETTING &&
	    !irq_release(q, next.phase != QUEUE_QUARANTINED))
		return QUEUE_STEP_SOON;
	reset_commit(q, &next);
	return step;
}

/* What takes long is looked at less often: late by a sixteenth at most. */
static unsigned long poll_interval(const struct queue *q)
{
	unsigned long elapsed = jiffies - READ_ONCE(q->begun);

	return clamp(elapsed / 16, 1UL, (unsigned long)LONGEST_POLL_INTERVAL);
}

static void reset_work(struct work_struct *work)
{
	struct queue *q = container_of(work, struct queue, reset_work.work);
	enum queue_step step = reset_advance(q);

	if (step == QUEUE_STEP_SOON)
		queue_delayed_work(reset_wq, &q->reset_work, poll_interval(q));
	else if (step == QUEUE_STEP_LATER)
		queue_delayed_work(reset_wq, &q->reset_work, RETRY_INTERVAL);
}

/*
 * What the ap bus began while the queue had no driver, it goes on with only if it
 * is asked: it polls none but those that have one.
 */
static void resume_bus(struct ap_queue *aq)
{
	if (bus_busy(aq))
		ap_queue_init_state(aq);
}

void reset_init(struct queue *q)
{
	INIT_DELAYED_WORK(&q->reset_work, reset_work);
}

void reset_begin(struct queue *q)
{
	bool first = !q->state.epoch;

	lockdep_assert_held(&registry.lock);
	if (q->state.phase != QUEUE_RESETTING) {
		/* It left in quarantine: nobody waits for what may never come. */
		q->tenant = NULL;
		queue_settled(q);
	}
	if (first)
		resume_bus(q->aq);
	reset_start_clock(q);
	mod_delayed_work(reset_wq, &q->reset_work, first ? FIRST_LOOK : 0);
}
