// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random sequences of what two administrators, two guests, the host and the
 * hardware can do, with the driver's mask algebra and queue states between them
 * and a simple model of the hardware as the judge: a queue that holds one
 * guest's leftovers is never in another guest's APCB, no queue is in two, and
 * when everything has come to rest each guest has what it can have.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>

#include "driver/matrix.c"
#include "driver/queue_state.c"

#define SIDE 4			/* adapters and domains: few, so that they collide */
#define MDEVS 2
#define OPERATIONS 400000
#define HOST (-1)

/* The hardware's side of a queue. */
struct hardware {
	int leftovers;		/* 0: none, HOST, or the number of an mdev from 1 on */
	bool resetting;
	bool stuck;
	bool deconfigured;
};

/* An instruction that the worker has executed and not reported yet. */
struct worker {
	bool pending;
	struct queue_state before;
	struct queue_answer answer;
};

struct test_queue {
	bool bound;
	struct queue_state state;
	struct hardware hw;
	struct worker worker;
};

struct test_mdev {
	struct matrix matrix;
	struct matrix apcb;
	bool open;
};

static struct test_queue queues[SIDE][SIDE];
static struct test_mdev mdevs[MDEVS];
static struct matrix host;
static struct matrix_cut scratch;

static struct test_queue *queue_at(unsigned int apqn)
{
	return &queues[APQN_ADAPTER(apqn)][APQN_DOMAIN(apqn)];
}

static struct test_queue *any_queue(void)
{
	return &queues[rand() % SIDE][rand() % SIDE];
}

/* What would keep queues from guests most of the time is rare. */
static bool seldom(void)
{
	return rand() % 8 == 0;
}

static struct test_mdev *any_mdev(void)
{
	return &mdevs[rand() % MDEVS];
}

static int number_of(const struct test_mdev *m)
{
	return m - mdevs + 1;
}

static enum queue_rank rank(unsigned int apqn, const void *arg)
{
	const struct test_mdev *m = arg;
	struct test_queue *q = queue_at(apqn);

	if (!q->bound || !vfio_ap_queue_state_available(&q->state, m))
		return QUEUE_MISSING;
	return matrix_has(&m->apcb, apqn) ? QUEUE_HELD : QUEUE_SPARE;
}

static void leave(struct test_mdev *m, const struct matrix *before)
{
	unsigned int apqn;

	matrix_for_each(apqn, before)
		if (!matrix_has(&m->apcb, apqn) && queue_at(apqn)->state.owner == m)
			vfio_ap_queue_state_leave(&queue_at(apqn)->state);
}

static void refresh(struct test_mdev *m)
{
	struct matrix before = m->apcb, wanted = {};
	unsigned int apqn;

	if (m->open) {
		wanted = matrix_and(&m->matrix, &host);
		vfio_ap_matrix_cut(&wanted, &scratch, rank, m);
	}
	m->apcb = wanted;
	matrix_for_each(apqn, &wanted)
		vfio_ap_queue_state_enter(&queue_at(apqn)->state, m);
	leave(m, &before);
	assert_true(matrix_within(&wanted, &m->matrix));
	assert_true(matrix_within(&wanted, &host));
}

static bool claimed_by_another(const struct test_mdev *m, const struct matrix *next)
{
	for (int i = 0; i < MDEVS; i++) {
		struct matrix both = matrix_and(&mdevs[i].matrix, next);

		if (&mdevs[i] != m && matrix_has_queues(&both))
			return true;
	}
	return false;
}

static void assign_or_unassign(struct test_mdev *m)
{
	struct matrix next = m->matrix;
	struct ap_mask *mask = rand() % 2 ? &next.apm : &next.aqm;
	unsigned int id = rand() % SIDE;

	if (mask_has(mask, id))
		mask_del(mask, id);
	else
		mask_add(mask, id);
	if (!claimed_by_another(m, &next))
		m->matrix = next;
}

static void open_or_close(struct test_mdev *m)
{
	m->open = !m->open;
	refresh(m);
}

static void guest_asks_for_reset(struct test_mdev *m)
{
	unsigned int apqn;

	matrix_for_each(apqn, &m->apcb)
		if (queue_at(apqn)->state.phase == QUEUE_USED)
			vfio_ap_queue_state_reset(&queue_at(apqn)->state);
}

static void guest_uses_its_queues(struct test_mdev *m)
{
	unsigned int apqn;

	matrix_for_each(apqn, &m->apcb)
		queue_at(apqn)->hw.leftovers = number_of(m);
}

/* The host takes a queue: it leaves its guest first, and then the host uses it. */
static void unbind(struct test_queue *q)
{
	q->bound = false;
	for (int i = 0; i < MDEVS; i++)
		refresh(&mdevs[i]);
	q->worker.pending = false;
	q->hw.leftovers = HOST;
}

static void bind_or_unbind(struct test_queue *q)
{
	if (q->bound) {
		if (seldom())
			unbind(q);
		return;
	}
	q->bound = true;
	vfio_ap_queue_state_init(&q->state);
}

static void host_configuration_changes(void)
{
	unsigned int id = rand() % SIDE;

	if (!mask_has(&host.apm, id))
		mask_add(&host.apm, id);
	else if (seldom())
		mask_del(&host.apm, id);
}

static void hardware_finishes_reset(struct hardware *hw)
{
	if (hw->stuck || !hw->resetting)
		return;
	hw->resetting = false;
	hw->leftovers = 0;
}

static struct queue_answer hardware_executes(struct hardware *hw, bool zapq)
{
	if (hw->deconfigured)
		return (struct queue_answer) { .rc = RC_DECONFIGURED };
	if (hw->resetting)
		return (struct queue_answer) { .rc = RC_RESET_IN_PROGRESS };
	if (zapq)
		hw->resetting = true;
	return (struct queue_answer) { .rc = RC_NORMAL, .idle = true };
}

/*
 * In two halves, as the driver does it: anything can happen between them. So it
 * can between a change of what is assigned or there and the guest's refresh.
 */
static void worker_executes(struct test_queue *q)
{
	struct worker *w = &q->worker;

	if (!q->bound || w->pending || q->state.phase == QUEUE_CLEAN ||
	    q->state.phase == QUEUE_USED)
		return;
	w->before = q->state;
	w->answer = hardware_executes(&q->hw, vfio_ap_queue_state_wants_zapq(&q->state));
	w->pending = true;
}

static void worker_reports(struct test_queue *q, bool late)
{
	struct queue_state next = q->worker.before;
	enum queue_step step;

	if (!q->worker.pending)
		return;
	q->worker.pending = false;
	step = vfio_ap_queue_state_answered(&next, &q->worker.answer);
	if (late && step == QUEUE_STEP_SOON)
		vfio_ap_queue_state_give_up(&next);
	if (next.epoch == q->state.epoch)
		q->state = next;
}

static void check_no_queue_in_two_guests(void)
{
	struct matrix both = matrix_and(&mdevs[0].apcb, &mdevs[1].apcb);

	assert_false(matrix_has_queues(&both));
}

static void check_apcb(const struct test_mdev *m)
{
	unsigned int apqn;

	matrix_for_each(apqn, &m->apcb) {
		const struct test_queue *q = queue_at(apqn);

		assert_true(q->bound);
		assert_ptr_equal(q->state.owner, m);
		assert_true(q->hw.leftovers == 0 || q->hw.leftovers == number_of(m));
	}
}

static void check_owners(void)
{
	for (int i = 0; i < SIDE * SIDE; i++) {
		const struct test_mdev *owner = queues[i / SIDE][i % SIDE].state.owner;

		assert_true(!owner || matrix_has(&owner->apcb, APQN(i / SIDE, i % SIDE)));
	}
}

static void check(void)
{
	check_no_queue_in_two_guests();
	check_owners();
	for (int i = 0; i < MDEVS; i++)
		check_apcb(&mdevs[i]);
}

static void operate(void)
{
	struct test_queue *q = any_queue();

	switch (rand() % 32) {
	case 0:
		assign_or_unassign(any_mdev());
		break;
	case 1:
		open_or_close(any_mdev());
		break;
	case 2:
		bind_or_unbind(q);
		break;
	case 3:
		host_configuration_changes();
		break;
	case 4:
		guest_asks_for_reset(any_mdev());
		break;
	case 5:
		q->hw.deconfigured = seldom();
		break;
	case 6:
		q->hw.stuck = seldom();
		break;
	case 7:
		guest_uses_its_queues(any_mdev());
		break;
	case 8:
		refresh(any_mdev());
		break;
	case 9 ... 15:
		hardware_finishes_reset(&q->hw);
		break;
	case 16 ... 23:
		worker_executes(q);
		break;
	default:
		worker_reports(q, seldom());
	}
}

static void start(void)
{
	memset(queues, 0, sizeof(queues));
	memset(mdevs, 0, sizeof(mdevs));
	memset(&host, 0, sizeof(host));
	for (unsigned int id = 0; id < SIDE; id++) {
		mask_add(&host.apm, id);
		mask_add(&host.aqm, id);
	}
	for (int i = 0; i < SIDE * SIDE; i++)
		queues[i / SIDE][i % SIDE].hw.leftovers = HOST;
}

static void random_operations_never_leak(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < OPERATIONS; i++) {
		operate();
		check();
	}
}

static void come_to_rest(struct test_queue *q)
{
	q->hw.stuck = q->hw.deconfigured = false;
	for (int i = 0; i < 4; i++) {
		hardware_finishes_reset(&q->hw);
		worker_executes(q);
		hardware_finishes_reset(&q->hw);
		worker_reports(q, false);
	}
}

/* Nothing is missing from the assigned matrix but what is not bound. */
static void check_complete(struct test_mdev *m)
{
	struct matrix all = matrix_and(&m->matrix, &host);
	unsigned int apqn;

	refresh(m);
	matrix_for_each(apqn, &all)
		if (!queue_at(apqn)->bound)
			return;
	if (m->open)
		assert_true(matrix_equal(&m->apcb, &all));
}

static void guests_get_what_they_can_have(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		start();
		for (int i = 0; i < SIDE * SIDE; i++)
			bind_or_unbind(&queues[i / SIDE][i % SIDE]);
		for (int i = rand() % 1000; i > 0; i--)
			operate();
		for (int pass = 0; pass < 3; pass++) {
			for (int i = 0; i < SIDE * SIDE; i++)
				come_to_rest(&queues[i / SIDE][i % SIDE]);
			for (int i = 0; i < MDEVS; i++)
				refresh(&mdevs[i]);
		}
		check();
		for (int i = 0; i < MDEVS; i++)
			check_complete(&mdevs[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations_never_leak),
		cmocka_unit_test(guests_get_what_they_can_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
