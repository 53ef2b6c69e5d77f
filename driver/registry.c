// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>

#include "ap_bus.h"
#include "bus.h"
#include "mdev.h"
#include "obstacles.h"
#include "plan.h"
#include "queue.h"
#include "registry.h"
#include "requests.h"
#include "tables.h"

/*
 * Time for the AP bus to begin to initialize a queue that it has just created,
 * which it does after the probe callback. From then on its state shows that.
 */
#define FIRST_LOOK 2

static void registry_lock(void)
{
	mutex_lock(&vfio_ap_tables.lock);
}

static void registry_unlock(void)
{
	mutex_unlock(&vfio_ap_tables.lock);
}

unsigned int vfio_ap_registry_max_adapter(void)
{
	return vfio_ap_tables.max_adapter;
}

unsigned int vfio_ap_registry_max_domain(void)
{
	return vfio_ap_tables.max_domain;
}

/* Queues between their owners */

/*
 * Start what the state of the queue requires; vfio_ap_queue_settled() reports
 * the end.
 */
static void begin_reset(struct queue *q)
{
	bool first = !q->state.epoch;

	if (q->state.phase != QUEUE_RESETTING) {
		/*
		 * The queue has left in quarantine: nobody waits for a reset
		 * that may never end.
		 */
		q->tenant = NULL;
		vfio_ap_queue_settled(q);
	}
	if (first)
		vfio_ap_bus_resume(q->aq);
	vfio_ap_clock_start(&q->clock);
	vfio_ap_request_reset(q, first ? FIRST_LOOK : 0);
}

/*
 * Reset again, as what a reset has reported does not hold any more, or may not.
 */
static void reset_again(struct queue *q)
{
	vfio_ap_queue_state_reset(&q->state);
	begin_reset(q);
	vfio_ap_queue_notify(q);
}

static void notify_queues(const struct matrix *matrix)
{
	unsigned long apqn;
	struct queue *q;

	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		if (matrix_has(matrix, apqn))
			vfio_ap_queue_notify(q);
}

static bool is_tenanted(struct queue *q, const struct matrix_mdev *m)
{
	return q->tenant == m;
}

/* A queue that is still in another guest is not awaited, as that may keep it without end. */
static bool is_awaited(struct queue *q, const struct matrix_mdev *m)
{
	return vfio_ap_is_pending(q, m) || (is_tenanted(q, m) && !vfio_ap_queue_rests(q));
}

/*
 * Return the first queue from *@apqn on for which @wanted returns true, with a
 * reference.
 */
static struct queue *find_queue(const struct matrix_mdev *m, unsigned long *apqn,
				bool (*wanted)(struct queue *q, const struct matrix_mdev *m))
{
	struct queue *q;

	q = xa_find(&vfio_ap_tables.queues, apqn, ULONG_MAX, XA_PRESENT);
	while (q && !wanted(q, m))
		q = xa_find_after(&vfio_ap_tables.queues, apqn, ULONG_MAX, XA_PRESENT);
	return q ? vfio_ap_queue_get(q) : NULL;
}

/* The caller holds tables.lock, which is released during the wait. */
static void wait_for_rest(struct queue *q)
{
	unsigned int rests = q->rests;

	if (vfio_ap_queue_rests(q))
		return;
	registry_unlock();
	vfio_ap_queue_wait(q, rests);
	registry_lock();
}

/* The host */

static bool host_has(unsigned int apqn)
{
	return matrix_has(&vfio_ap_tables.host, apqn);
}

static void adopt_host(const struct ap_config_info *info)
{
	unsigned long apqn;
	struct queue *q;

	vfio_ap_tables_set_host(info);
	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		vfio_ap_queue_set_gone(q, !host_has(apqn));
}

void vfio_ap_registry_read_host(const struct ap_config_info *info)
{
	registry_lock();
	if (!vfio_ap_tables.told)
		adopt_host(info);
	registry_unlock();
}

static bool is_being_reset(unsigned int apqn)
{
	struct ap_queue_status status = ap_reset_and_zeroize(apqn);

	return status.response_code == AP_RESPONSE_NORMAL ||
	       status.response_code == AP_RESPONSE_RESET_IN_PROGRESS;
}

void vfio_ap_registry_zeroize_returned(const struct ap_config_info *info)
{
	struct matrix host = vfio_ap_tables_host_of(info);
	unsigned int apqn;

	registry_lock();
	matrix_for_each(apqn, &host)
		if (vfio_ap_tables_left_tainted(apqn) && !vfio_ap_tables_queue(apqn) &&
		    is_being_reset(apqn))
			vfio_ap_tables_leave(apqn, false);
	registry_unlock();
}

void vfio_ap_registry_set_host(const struct ap_config_info *info, bool scanning)
{
	struct matrix_mdev *m;

	registry_lock();
	adopt_host(info);
	vfio_ap_tables.told = true;
	vfio_ap_tables.scanning = scanning;
	list_for_each_entry(m, &vfio_ap_tables.mdevs, node)
		vfio_ap_request_refresh(m);
	registry_unlock();
	vfio_ap_wait_for_refreshes();
}

bool vfio_ap_registry_withholds(const struct matrix *wanted, struct refusal *refusal)
{
	bool claimed, tainted;

	registry_lock();
	claimed = vfio_ap_name_claims(wanted, NULL, refusal);
	tainted = vfio_ap_name_tainted(wanted, refusal);
	registry_unlock();
	return claimed || tainted;
}

/* Mediated devices */

void vfio_ap_registry_list(struct matrix_mdev *m)
{
	registry_lock();
	list_add_tail(&m->node, &vfio_ap_tables.mdevs);
	registry_unlock();
}

void vfio_ap_registry_unlist(struct matrix_mdev *m)
{
	registry_lock();
	list_del(&m->node);
	notify_queues(&m->matrix);
	registry_unlock();
}

struct matrix vfio_ap_registry_read(const struct matrix *of)
{
	struct matrix copy;

	registry_lock();
	copy = *of;
	registry_unlock();
	return copy;
}

struct matrix vfio_ap_registry_claimed(const struct matrix_mdev *m)
{
	struct matrix claimed = {};

	registry_lock();
	if (m->active)
		claimed = m->matrix;
	registry_unlock();
	return claimed;
}

static int check_claim(struct matrix_mdev *m, const struct matrix *next, bool active,
		       bool reserved)
{
	bool is_less = m->active && matrix_within(next, &m->matrix);
	bool claimed = active && !is_less && vfio_ap_name_claims(next, m, &m->refusal);

	if (reserved)
		return -EADDRNOTAVAIL;
	if (claimed)
		return -EADDRINUSE;
	return vfio_ap_name_limit(next, &m->refusal) ? -ENODEV : 0;
}

int vfio_ap_registry_claim(struct matrix_mdev *m, const struct matrix *next, bool active,
			   bool reserved)
{
	struct matrix before = m->matrix;
	int rc;

	lockdep_assert_held(&m->lock);
	registry_lock();
	rc = check_claim(m, next, active, reserved);
	if (!rc) {
		m->matrix = *next;
		m->active = active;
		notify_queues(&before);
		notify_queues(next);
	}
	registry_unlock();
	return rc;
}

void vfio_ap_registry_control_usage(struct matrix_mdev *m, bool control)
{
	lockdep_assert_held(&m->lock);
	registry_lock();
	m->control_usage = control;
	registry_unlock();
}

void vfio_ap_registry_settle(struct matrix_mdev *m)
{
	lockdep_assert_held(&m->lock);
	registry_lock();
	m->settled = m->matrix;
	registry_unlock();
}

static void enter_queues(struct matrix_mdev *m, const struct matrix *before)
{
	unsigned int apqn;

	matrix_for_each(apqn, &m->apcb) {
		struct queue *q = vfio_ap_tables_queue(apqn);

		if (matrix_has(before, apqn))
			continue;
		vfio_ap_queue_state_enter(&q->state, m);
		q->tenant = m;
		vfio_ap_queue_notify(q);
	}
}

static bool is_newcomer(struct queue *q, const struct matrix_mdev *m)
{
	return q->state.phase == QUEUE_CLEAN && m->active && matrix_has(&m->matrix, q->apqn);
}

static bool is_idle(unsigned int apqn)
{
	struct ap_queue_status status = ap_tapq(apqn, NULL);

	return status.response_code == AP_RESPONSE_NORMAL && !ap_status_is_async(status) &&
	       status.queue_empty && !status.irq_enabled;
}

/* The bus may be initializing the queue, or be going to. */
static bool is_claimed_by_bus(const struct queue *q)
{
	return vfio_ap_bus_is_busy(q->aq) || vfio_ap_bus_sees_away(q->aq);
}

/* The bus may have initialized the queue meanwhile, and finished with that. */
void vfio_ap_registry_recheck(struct matrix_mdev *m)
{
	unsigned long apqn = 0;
	struct queue *q;
	bool idle;

	lockdep_assert_held(&m->lock);
	registry_lock();
	for (; (q = find_queue(m, &apqn, is_newcomer)); apqn++) {
		registry_unlock();
		idle = is_idle(apqn);
		registry_lock();
		if (vfio_ap_tables_queue(apqn) == q && is_newcomer(q, m) &&
		    (!idle || is_claimed_by_bus(q)))
			reset_again(q);
		vfio_ap_queue_put(q);
	}
	registry_unlock();
}

static void distrust_newcomers(struct matrix_mdev *m)
{
	unsigned long apqn;
	struct queue *q;

	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		if (is_newcomer(q, m) && is_claimed_by_bus(q))
			reset_again(q);
}

void vfio_ap_registry_plan(struct matrix_mdev *m)
{
	struct matrix before = m->apcb;

	lockdep_assert_held(&m->lock);
	registry_lock();
	if (m->plugged)
		distrust_newcomers(m);
	m->apcb = vfio_ap_plan(m);
	if (m->plugged)
		enter_queues(m, &before);
	registry_unlock();
}

void vfio_ap_registry_clear(struct matrix_mdev *m)
{
	lockdep_assert_held(&m->lock);
	registry_lock();
	memset(&m->apcb, 0, sizeof(m->apcb));
	registry_unlock();
}

/*
 * A queue that is bound under the APQN of @orphan was reset while the guest
 * could still reach it.
 */
static void bury(struct queue *orphan)
{
	struct queue *q = vfio_ap_tables_queue(orphan->apqn);

	list_del(&orphan->orphan);
	vfio_ap_queue_put(orphan);
	if (!q)
		return;
	q->state.tainted = true;
	reset_again(q);
}

static void bury_orphans(struct matrix_mdev *m)
{
	struct queue *q, *next;

	list_for_each_entry_safe(q, next, &vfio_ap_tables.orphans, orphan)
		if (q->tenant == m && !matrix_has(&m->apcb, q->apqn))
			bury(q);
}

void vfio_ap_registry_leave(struct matrix_mdev *m, const struct matrix *before)
{
	unsigned int apqn;

	lockdep_assert_held(&m->lock);
	registry_lock();
	bury_orphans(m);
	matrix_for_each(apqn, before) {
		struct queue *q = vfio_ap_tables_queue(apqn);

		if (matrix_has(&m->apcb, apqn) || !q || q->state.owner != m)
			continue;
		vfio_ap_queue_state_leave(&q->state);
		begin_reset(q);
		vfio_ap_queue_notify(q);
	}
	registry_unlock();
}

void vfio_ap_registry_begin_reset(const struct matrix *queues)
{
	unsigned int apqn;

	registry_lock();
	matrix_for_each(apqn, queues) {
		struct queue *q = vfio_ap_tables_queue(apqn);

		/* A queue that was unbound is no longer known, and leaves as soon as it can. */
		if (!q || q->state.phase != QUEUE_USED)
			continue;
		vfio_ap_queue_state_reset(&q->state);
		begin_reset(q);
		vfio_ap_queue_notify(q);
	}
	registry_unlock();
}

static bool has_failed_to_reset(unsigned int apqn, const struct matrix_mdev *m)
{
	struct queue *q = vfio_ap_tables_queue(apqn);

	if (!q)
		return vfio_ap_queue_is_orphaned(apqn);
	if (q->state.phase == QUEUE_QUARANTINED)
		return true;
	return q->state.phase == QUEUE_USED && q->state.owner == m && q->state.rc;
}

int vfio_ap_registry_reset_result(const struct matrix_mdev *m, const struct matrix *queues)
{
	unsigned int apqn;
	int rc = 0;

	registry_lock();
	matrix_for_each(apqn, queues)
		if (has_failed_to_reset(apqn, m))
			rc = -EIO;
	registry_unlock();
	return rc;
}

void vfio_ap_registry_wait(const struct matrix_mdev *m)
{
	unsigned long apqn = 0;
	struct queue *q;

	registry_lock();
	for (; (q = find_queue(m, &apqn, is_awaited)); apqn++) {
		wait_for_rest(q);
		vfio_ap_queue_put(q);
	}
	registry_unlock();
}

bool vfio_ap_registry_is_pending(const struct matrix_mdev *m)
{
	unsigned long apqn = 0;
	struct queue *q;

	registry_lock();
	q = find_queue(m, &apqn, vfio_ap_is_pending);
	registry_unlock();
	if (q)
		vfio_ap_queue_put(q);
	return q;
}

/* Queues */

struct queue_status vfio_ap_registry_status(const struct queue *q)
{
	struct queue_status status;

	registry_lock();
	status.owner = q->state.owner;
	status.assigned = vfio_ap_tables_claimant(q->apqn);
	status.phase = q->state.phase;
	status.hwinfo = q->state.hwinfo;
	registry_unlock();
	return status;
}

int vfio_ap_registry_add(struct queue *q)
{
	int rc;

	registry_lock();
	rc = xa_insert(&vfio_ap_tables.queues, q->apqn, q, GFP_KERNEL);
	if (!rc) {
		q->state.tainted = vfio_ap_tables_left_tainted(q->apqn);
		vfio_ap_queue_set_gone(q, !host_has(q->apqn));
		begin_reset(q);
	}
	registry_unlock();
	return rc;
}

/*
 * Return whether a queue of @m's guest is an orphan already, which means that
 * this guest has been waited for.
 */
static bool is_waited_for_in_vain(const struct matrix_mdev *m)
{
	struct queue *q;

	list_for_each_entry(q, &vfio_ap_tables.orphans, orphan)
		if (q->tenant == m)
			return true;
	return false;
}

/* The caller holds tables.lock, which is released during the wait. */
static void wait_for_guest(struct queue *q)
{
	unsigned int rests = q->rests;

	if (vfio_ap_queue_rests(q) || is_waited_for_in_vain(q->tenant))
		return;
	registry_unlock();
	vfio_ap_queue_wait_for_guest(q, rests);
	registry_lock();
}

/*
 * The guest's APCB still has the queue, and no guest gets its APQN before that
 * changes.
 */
static void orphan_queue(struct queue *q)
{
	xa_erase(&vfio_ap_tables.queues, q->apqn);
	/* What its worker has found out until here is of the guest's use. */
	vfio_ap_queue_state_leave(&q->state);
	q->state.phase = QUEUE_UNAVAILABLE;
	q->state.rc = AP_RESPONSE_Q_NOT_AVAIL;
	list_add_tail(&vfio_ap_queue_get(q)->orphan, &vfio_ap_tables.orphans);
	vfio_ap_queue_settled(q);
}

bool vfio_ap_registry_reclaim(struct queue *q)
{
	bool given_up;

	registry_lock();
	q->unbinding = true;
	if (q->state.owner)
		vfio_ap_request_refresh(q->tenant);
	wait_for_guest(q);
	given_up = !q->state.owner;
	if (given_up)
		wait_for_rest(q);
	else
		orphan_queue(q);
	registry_unlock();
	return given_up;
}

bool vfio_ap_registry_is_orphaned(unsigned int apqn)
{
	bool orphaned;

	registry_lock();
	orphaned = vfio_ap_queue_is_orphaned(apqn);
	registry_unlock();
	return orphaned;
}

/*
 * A queue that could not be zeroized is passed to whoever unbinds it, after one
 * more reset.
 */
static void begin_final_reset(struct queue *q)
{
	if (q->final || !vfio_ap_queue_state_is_stuck(&q->state))
		return;
	q->final = true;
	vfio_ap_queue_state_reset(&q->state);
	begin_reset(q);
}

void vfio_ap_registry_reset_finally(struct queue *q)
{
	registry_lock();
	begin_final_reset(q);
	wait_for_rest(q);
	registry_unlock();
}

void vfio_ap_registry_reset_all_finally(void)
{
	unsigned long apqn;
	struct queue *q;

	registry_lock();
	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		begin_final_reset(q);
	registry_unlock();
}

/* This includes what an mdev without a guest shows of the queue. */
void vfio_ap_registry_remove(struct queue *q)
{
	struct matrix_mdev *m;

	registry_lock();
	xa_erase(&vfio_ap_tables.queues, q->apqn);
	m = vfio_ap_tables_claimant(q->apqn);
	if (m)
		vfio_ap_request_refresh(m);
	registry_unlock();
}

unsigned int vfio_ap_registry_count_unready(void)
{
	unsigned int count = 0;
	unsigned long apqn;
	struct queue *q;

	registry_lock();
	xa_for_each(&vfio_ap_tables.queues, apqn, q)
		count += q->state.phase != QUEUE_CLEAN && q->state.phase != QUEUE_USED;
	registry_unlock();
	return count;
}

/*
 * A queue that has left the machine's configuration cannot have been zeroized
 * by anyone when it returns. One that was unbound belongs to its next driver.
 */
void vfio_ap_registry_leave_behind(const struct queue *q)
{
	bool gone = q->state.rc == AP_RESPONSE_Q_NOT_AVAIL;

	registry_lock();
	vfio_ap_tables_leave(q->apqn, (q->state.tainted && gone) ||
			     vfio_ap_queue_is_orphaned(q->apqn));
	registry_unlock();
}

struct queue *vfio_ap_registry_get_owned(unsigned int apqn, const struct matrix_mdev *m)
{
	struct queue *q;

	registry_lock();
	q = vfio_ap_tables_queue(apqn);
	if (q && q->state.owner == m)
		vfio_ap_queue_get(q);
	else
		q = NULL;
	registry_unlock();
	return q;
}

struct queue *vfio_ap_registry_next_tenanted(const struct matrix_mdev *m, unsigned long *apqn)
{
	struct queue *q;

	registry_lock();
	q = find_queue(m, apqn, is_tenanted);
	registry_unlock();
	return q;
}

/* Resets */

enum reset_time vfio_ap_registry_look(struct queue *q, struct queue_state *state)
{
	enum reset_time time;

	registry_lock();
	*state = q->state;
	/* Each retry has the full time. */
	if (vfio_ap_queue_state_pause(state) == QUEUE_STEP_LATER)
		vfio_ap_clock_retry(&q->clock);
	time = vfio_ap_clock_look(&q->clock);
	registry_unlock();
	return time;
}

/*
 * Notify those who wait for the queue to come to rest, or can use it from here
 * on.
 */
static void settle_queue(struct queue *q)
{
	struct matrix_mdev *m = vfio_ap_tables_claimant(q->apqn);

	if (m)
		vfio_ap_request_refresh(m);
	if (q->tenant && q->tenant != m)
		vfio_ap_request_refresh(q->tenant);
	if (!q->state.owner)
		q->tenant = NULL;
	if (q->state.phase == QUEUE_CLEAN)
		vfio_ap_tables_leave(q->apqn, false);
	vfio_ap_queue_settled(q);
	vfio_ap_queue_notify(q);
}

bool vfio_ap_registry_commit(struct queue *q, const struct queue_state *next,
			     enum queue_phase *before)
{
	bool stale;

	registry_lock();
	*before = q->state.phase;
	stale = q->state.epoch != next->epoch;
	if (!stale) {
		q->state = *next;
		if (*before != next->phase)
			settle_queue(q);
	}
	registry_unlock();
	return !stale;
}
