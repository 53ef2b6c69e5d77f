// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/domain.h"
#include "cex/fault.h"
#include "cex/latency.h"
#include <stdlib.h>

static bool no_memory;

static void *take(size_t size)
{
	return no_memory ? NULL : malloc(size);
}
#define malloc(size) take(size)
#include "cex/queue.c"
#undef malloc
#include "tests/unit/seeded.h"

#define DEPTH	3
#define HOST	1
#define GUEST	2
#define GUEST2	3
#define MS	UINT64_C(1000000)

/*
 * A reply has at most 8 bytes, which is shorter and longer than requests are.
 */
static const struct firmware firmware = {
	.letter = 'A',
	.ml = 3,
	.depth = DEPTH,
	.reply_max = 8,
};

static struct adapter adapter;
static struct queue *queue;
static uint64_t now;
static struct memory memory;
static struct client clients[4];

static int setup(void **state)
{
	(void)state;
	memory.held = 0;
	for (uint64_t i = 0; i < 4; i++)
		client_init(&clients[i], i, &memory);
	adapter = (struct adapter){ .firmware = &firmware };
	queue = queue_new(&adapter, AP_APQN(5, 4));
	now = 77 * MS;
	return queue ? 0 : -1;
}

/* Requests that are gone hold no memory. */
static int teardown(void **state)
{
	(void)state;
	queue_free(queue);
	return memory.held ? -1 : 0;
}

static enum ap_rc enqueue(uint64_t user, uint64_t psmid)
{
	return queue_enqueue(queue, now, &clients[user], psmid, "request", 7);
}

static enum ap_rc dequeue_part(uint64_t user, size_t room, char *part,
			       size_t *left, uint64_t *psmid)
{
	size_t length = 0;
	enum ap_rc rc;

	rc = queue_dequeue(queue, now, user, part, room, &length, left, psmid);
	part[length] = '\0';
	return rc;
}

/* Return the psmid of the next reply, which is taken as a whole, or 0. */
static uint64_t dequeue(uint64_t user)
{
	uint64_t psmid = 0;
	size_t left;
	char reply[16];

	if (dequeue_part(user, 15, reply, &left, &psmid))
		return 0;
	assert_int_equal(left, 0);
	return psmid;
}

static void work(void)
{
	queue_finish(queue_start(queue), now, "reply", 5);
}

static uint32_t status(void)
{
	return queue_status(queue, HOST, queue_update(queue, now));
}

static void a_new_queue_is_empty(void **state)
{
	(void)state;
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(dequeue(HOST), 0);
	assert_null(queue_start(queue));
}

static void a_request_waits_runs_and_is_done(void **state)
{
	struct request *request;

	(void)state;
	assert_int_equal(enqueue(HOST, 42), AP_RC_NORMAL);
	assert_int_equal(status(), 0);
	request = queue_start(queue);
	assert_memory_equal(request->data, "request", 7);
	assert_null(queue_start(queue));
	assert_int_equal(dequeue(HOST), 0);
	queue_finish(request, now, "reply", 5);
	assert_int_equal(status(), AP_STATUS_REPLIES_WAITING);
	assert_int_equal(dequeue(HOST), 42);
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(queue->served, 1);
}

static void the_time_that_a_request_took_is_counted(void **state)
{
	struct request *request;

	(void)state;
	enqueue(HOST, 1);
	now += 3 * MS;
	request = queue_start(queue);
	now += 2 * MS;
	queue_finish(request, now, "reply", 5);
	assert_int_equal(queue->latency.count[latency_bucket(5000)], 1);
	enqueue(HOST, 2);
	request = queue_start(queue);
	queue_drop_all(queue);
	queue_finish(request, now, "reply", 5);
	assert_int_equal(queue->latency.count[0], 0);
}

static void a_full_queue_takes_no_more(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < DEPTH; i++)
		assert_int_equal(enqueue(HOST, i + 1), AP_RC_NORMAL);
	assert_int_equal(status(), AP_STATUS_QUEUE_FULL);
	assert_int_equal(enqueue(HOST, 9), AP_RC_Q_FULL);
	work();
	assert_int_equal(status(),
			 AP_STATUS_QUEUE_FULL | AP_STATUS_REPLIES_WAITING);
	assert_int_equal(dequeue(HOST), 1);
	assert_int_equal(enqueue(HOST, 9), AP_RC_NORMAL);
}

/*
 * It is full like one that has no room, and what is dropped makes room again.
 */
static void a_queue_without_memory_is_full(void **state)
{
	uint64_t held = CLIENT_MEMORY_MAX - 3 * 8 + 1;

	(void)state;
	assert_int_equal(client_hold(&clients[GUEST], held), 0);
	assert_int_equal(enqueue(GUEST, 1), AP_RC_NORMAL);
	assert_int_equal(enqueue(GUEST, 2), AP_RC_NORMAL);
	assert_int_equal(enqueue(GUEST, 3), AP_RC_Q_FULL);
	assert_int_equal(enqueue(HOST, 3), AP_RC_NORMAL);
	queue_drop_of(queue, GUEST);
	assert_int_equal(enqueue(GUEST, 3), AP_RC_NORMAL);
	client_release(&clients[GUEST], held);
}

static void without_memory_nothing_is_held(void **state)
{
	(void)state;
	no_memory = true;
	assert_int_equal(enqueue(GUEST, 1), AP_RC_Q_FULL);
	no_memory = false;
	assert_int_equal(memory.held, 0);
	assert_int_equal(clients[GUEST].held, 0);
	assert_int_equal(queue->user, 0);
}

static void requests_may_overtake_each_other(void **state)
{
	struct request *first, *second;

	(void)state;
	enqueue(HOST, 1);
	enqueue(HOST, 2);
	first = queue_start(queue);
	second = queue_start(queue);
	queue_finish(second, now, "b", 1);
	assert_int_equal(dequeue(HOST), 2);
	queue_finish(first, now, "a", 1);
	assert_int_equal(dequeue(HOST), 1);
}

static void a_reply_is_taken_in_parts(void **state)
{
	uint64_t psmid = 0;
	size_t left;
	char part[8];

	(void)state;
	enqueue(HOST, 1);
	enqueue(HOST, 2);
	struct request *first = queue_start(queue);

	work();
	assert_int_equal(dequeue_part(HOST, 2, part, &left, &psmid), 0);
	assert_string_equal(part, "re");
	assert_int_equal(left, 3);
	assert_int_equal(psmid, 0);
	/* An earlier request that is done by now does not come in between. */
	queue_finish(first, now, "other", 5);
	assert_int_equal(dequeue_part(HOST, 2, part, &left, &psmid), 0);
	assert_string_equal(part, "pl");
	assert_int_equal(left, 1);
	assert_int_equal(psmid, 0);
	assert_int_equal(dequeue_part(HOST, 2, part, &left, &psmid), 0);
	assert_string_equal(part, "y");
	assert_int_equal(left, 0);
	assert_int_equal(psmid, 2);
	assert_int_equal(dequeue(HOST), 1);
}

static void a_reset_takes_its_time(void **state)
{
	(void)state;
	queue->reset_time = 5 * MS;
	assert_int_equal(queue_reset(queue, now, false), AP_RC_NORMAL);
	assert_int_equal(queue_update(queue, now), AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(queue_reset(queue, now, true),
			 AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(enqueue(HOST, 1), AP_RC_RESET_IN_PROGRESS);
	assert_int_equal(queue_set_irq(queue, now, HOST, 8),
			 AP_RC_RESET_IN_PROGRESS);
	now += 5 * MS - 1;
	assert_int_equal(queue_update(queue, now), AP_RC_RESET_IN_PROGRESS);
	now++;
	assert_int_equal(queue_update(queue, now), AP_RC_NORMAL);
	assert_int_equal(enqueue(HOST, 1), AP_RC_NORMAL);
}

static void a_reset_that_never_ends_can_be_ended(void **state)
{
	(void)state;
	queue->reset_time = QUEUE_RESET_NEVER;
	queue_reset(queue, now, false);
	now += UINT64_C(1) << 62;
	assert_int_equal(queue_update(queue, now), AP_RC_RESET_IN_PROGRESS);
	queue->reset_time = 0;
	assert_int_equal(queue_update(queue, now), AP_RC_NORMAL);
}

/* One request waits, one reply is taken in part, and one request is running. */
static struct request *fill_in_three_states(void)
{
	uint64_t psmid;
	size_t left;
	char part[8];

	enqueue(HOST, 1);
	enqueue(HOST, 2);
	enqueue(HOST, 3);
	work();
	dequeue_part(HOST, 2, part, &left, &psmid);
	return queue_start(queue);
}

static void is_void(struct request *stray)
{
	assert_int_equal(queue->count, 0);
	assert_null(queue->partial);
	assert_null(stray->queue);
	queue_finish(stray, now, "reply", 5);
	assert_int_equal(queue->count, 0);
	assert_int_equal(queue->served, 1);
}

static void a_reset_drops_everything(void **state)
{
	struct request *stray = fill_in_three_states();

	(void)state;
	queue_set_irq(queue, now, HOST, 8);
	queue_reset(queue, now, false);
	is_void(stray);
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY |
			 AP_STATUS_OF_RC(AP_RC_RESET_IN_PROGRESS));
	now += queue->reset_time;
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
}

static void strays_do_not_count_against_the_depth(void **state)
{
	struct request *stray[DEPTH];

	(void)state;
	for (unsigned int i = 0; i < DEPTH; i++) {
		enqueue(HOST, i);
		stray[i] = queue_start(queue);
	}
	queue_reset(queue, now, false);
	now += queue->reset_time;
	for (unsigned int i = 0; i < DEPTH; i++)
		assert_int_equal(enqueue(HOST, i), AP_RC_NORMAL);
	for (unsigned int i = 0; i < DEPTH; i++)
		queue_finish(stray[i], now, "reply", 5);
	assert_int_equal(dequeue(HOST), 0);
}

static void only_one_users_requests_are_dropped(void **state)
{
	struct request *stray;

	(void)state;
	enqueue(GUEST, 1);
	enqueue(HOST, 2);
	enqueue(GUEST, 3);
	stray = queue_start(queue);
	queue_drop_of(queue, GUEST);
	assert_null(stray->queue);
	queue_finish(stray, now, "reply", 5);
	assert_int_equal(queue->count, 1);
	work();
	assert_int_equal(dequeue(HOST), 2);
}

static void an_adapter_out_of_operation(enum adapter_state state,
					enum ap_rc rc)
{
	struct request *stray = fill_in_three_states();

	queue_set_irq(queue, now, HOST, 8);
	adapter.state = state;
	queue_stop(queue);
	is_void(stray);
	assert_int_equal(queue_update(queue, now), rc);
	assert_int_equal(enqueue(HOST, 1), rc);
	assert_int_equal(queue_reset(queue, now, true), rc);
	adapter.state = ADAPTER_OPERATING;
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(queue->user, HOST);
}

static void a_deconfigured_adapter(void **state)
{
	(void)state;
	an_adapter_out_of_operation(ADAPTER_DECONFIGURED, AP_RC_DECONFIGURED);
}

static void a_checkstopped_adapter(void **state)
{
	(void)state;
	an_adapter_out_of_operation(ADAPTER_CHECKSTOPPED,
				    AP_RC_CHECKSTOPPED);
}

static void set_fault(enum fault fault, uint64_t count)
{
	queue->faults.left[fault] = count;
}

static void a_busy_queue_says_so(void **state)
{
	(void)state;
	set_fault(FAULT_BUSY, 3);
	assert_int_equal(enqueue(HOST, 1), AP_RC_BUSY);
	assert_int_equal(queue_reset(queue, now, true), AP_RC_BUSY);
	for (int i = 0; i < 5; i++)
		assert_int_equal(queue_update(queue, now), AP_RC_BUSY);
	assert_int_equal(queue_set_irq(queue, now, true, 8), AP_RC_BUSY);
	assert_int_equal(enqueue(HOST, 1), AP_RC_NORMAL);
	set_fault(FAULT_BUSY, FAULT_ALWAYS);
	for (int i = 0; i < 5; i++)
		assert_int_equal(enqueue(HOST, 1), AP_RC_BUSY);
}

static void a_queue_may_claim_to_be_full(void **state)
{
	(void)state;
	set_fault(FAULT_FULL, 2);
	assert_int_equal(enqueue(HOST, 1), AP_RC_Q_FULL);
	assert_int_equal(enqueue(HOST, 1), AP_RC_Q_FULL);
	assert_int_equal(queue->count, 0);
	assert_int_equal(queue->user, 0);
	assert_int_equal(enqueue(HOST, 1), AP_RC_NORMAL);
}

/* A reset that fails has done nothing; in particular the queue is not clean. */
static void a_reset_may_fail(void **state)
{
	(void)state;
	enqueue(GUEST, 1);
	set_fault(FAULT_RESET_ERROR, 2);
	assert_int_equal(queue_reset(queue, now, true),
			 AP_RC_OTHERWISE_CHANGED);
	assert_int_equal(queue_reset(queue, now, false),
			 AP_RC_OTHERWISE_CHANGED);
	assert_int_equal(status(), 0);
	assert_int_equal(queue->user, GUEST);
	assert_int_equal(queue_reset(queue, now, true), AP_RC_NORMAL);
	now += queue->reset_time;
	queue_update(queue, now);
	assert_int_equal(queue->user, 0);
}

static void a_reply_may_be_lost(void **state)
{
	(void)state;
	set_fault(FAULT_REPLY_LOST, 1);
	enqueue(HOST, 1);
	assert_false(queue_finish(queue_start(queue), now, "reply", 5));
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
	assert_int_equal(queue->served, 0);
	assert_int_equal(queue->user, HOST);
	enqueue(HOST, 2);
	assert_true(queue_finish(queue_start(queue), now, "reply", 5));
	assert_int_equal(dequeue(HOST), 2);
}

static void a_reply_may_be_wrong(void **state)
{
	uint64_t psmid;
	size_t left;
	char reply[16];

	(void)state;
	set_fault(FAULT_REPLY_TRUNCATED, 1);
	set_fault(FAULT_REPLY_TYPE, 2);
	set_fault(FAULT_REPLY_ID, 3);
	for (int i = 0; i < 3; i++) {
		enqueue(HOST, 5);
		work();
		assert_int_equal(dequeue_part(HOST, 15, reply, &left, &psmid), 0);
		assert_string_equal(reply, ((const char *[]){
			"r\xffp", "r\xffply", "reply" })[i]);
		assert_int_equal(psmid, ~UINT64_C(5));
	}
	enqueue(HOST, 5);
	work();
	assert_int_equal(dequeue(HOST), 5);
}

/* There is nothing in it that a fault can change, nor behind it. */
static void an_empty_reply_stays_empty(void **state)
{
	uint64_t psmid = 0;
	size_t left;
	char reply[16];

	(void)state;
	set_fault(FAULT_REPLY_TRUNCATED, 1);
	set_fault(FAULT_REPLY_TYPE, 1);
	enqueue(HOST, 1);
	queue_finish(queue_start(queue), now, "", 0);
	assert_int_equal(dequeue_part(HOST, 15, reply, &left, &psmid), 0);
	assert_string_equal(reply, "");
	assert_int_equal(psmid, 1);
}

static void interrupts_are_switched_once(void **state)
{
	(void)state;
	assert_int_equal(queue_set_irq(queue, now, 0, 0),
			 AP_RC_OTHERWISE_CHANGED);
	assert_int_equal(queue_set_irq(queue, now, HOST, 0),
			 AP_RC_INVALID_ADDRESS);
	assert_int_equal(queue_set_irq(queue, now, HOST, 8), AP_RC_NORMAL);
	assert_int_equal(status(),
			 AP_STATUS_QUEUE_EMPTY | AP_STATUS_IRQ_ENABLED);
	assert_int_equal(queue_set_irq(queue, now, HOST, 8),
			 AP_RC_OTHERWISE_CHANGED);
	assert_int_equal(queue_set_irq(queue, now, 0, 0), AP_RC_NORMAL);
	assert_int_equal(status(), AP_STATUS_QUEUE_EMPTY);
}

static void zapq(void)
{
	assert_int_equal(queue_reset(queue, now, true), AP_RC_NORMAL);
	now += queue->reset_time;
	queue_update(queue, now);
}

static void reaches(uint64_t user, unsigned int dirty)
{
	uint64_t before = queue->handovers;

	queue_reach(queue, now, user);
	assert_int_equal(queue->handovers - before, dirty);
}

static uint64_t revision;

/* Whether the file has to be written again; then it is. */
static bool is_to_be_kept(void)
{
	static uint64_t kept;
	bool is = revision != kept;

	assert_true(!is || (queue->revision == revision && adapter.changed == revision));
	kept = revision;
	return is;
}

/* Who used the queue, whom it interrupts, and that it is being zeroized, outlives a restart. */
static void what_is_kept_has_a_revision(void **state)
{
	(void)state;
	adapter.revision = &revision;
	assert_false(is_to_be_kept());
	enqueue(GUEST, 1);
	assert_true(is_to_be_kept());
	enqueue(GUEST, 2);
	work();
	dequeue(GUEST);
	assert_false(is_to_be_kept());
	reaches(HOST, 1);
	assert_true(is_to_be_kept());
	queue_set_irq(queue, now, GUEST, 8);
	assert_true(is_to_be_kept());
	queue_set_irq(queue, now, GUEST, 8);
	assert_false(is_to_be_kept());
	queue_reset(queue, now, false);
	assert_true(is_to_be_kept());
	now += queue->reset_time;
	queue_update(queue, now);
	assert_false(is_to_be_kept());
	queue_reset(queue, now, false);
	now += queue->reset_time;
	queue_update(queue, now);
	assert_false(is_to_be_kept());
	queue_zeroize(queue, now);
	assert_true(is_to_be_kept());
	now += queue->reset_time;
	queue_update(queue, now);
	assert_true(is_to_be_kept());
	zapq();
	assert_false(is_to_be_kept());
}

static void what_a_stop_ends_has_a_revision(void **state)
{
	(void)state;
	adapter.revision = &revision;
	queue_stop(queue);
	assert_false(is_to_be_kept());
	queue_set_irq(queue, now, GUEST, 8);
	is_to_be_kept();
	queue_stop(queue);
	assert_true(is_to_be_kept());
	assert_int_equal(queue->irq, 0);
	enqueue(GUEST, 1);
	is_to_be_kept();
	queue_stop(queue);
	assert_false(is_to_be_kept());
	queue_reset(queue, now, true);
	is_to_be_kept();
	queue_stop(queue);
	assert_true(is_to_be_kept());
	assert_int_equal(queue->user, GUEST);
	queue_reset(queue, now, false);
	is_to_be_kept();
	queue_stop(queue);
	assert_false(is_to_be_kept());
}

static void leftovers_are_found_once(void **state)
{
	(void)state;
	reaches(GUEST, 0);
	enqueue(GUEST, 1);
	reaches(GUEST, 0);
	reaches(GUEST2, 1);
	reaches(GUEST2, 0);
	enqueue(GUEST2, 2);
	assert_int_equal(queue->handovers, 1);
	reaches(GUEST, 1);
}

static void a_message_finds_leftovers(void **state)
{
	(void)state;
	enqueue(GUEST, 1);
	work();
	assert_int_equal(dequeue(HOST), 1);
	assert_int_equal(queue->handovers, 1);
	enqueue(HOST, 2);
	assert_int_equal(queue->handovers, 1);
	enqueue(GUEST, 3);
	assert_int_equal(queue->handovers, 2);
}

static void no_message_finds_nothing(void **state)
{
	(void)state;
	enqueue(GUEST, 1);
	assert_int_equal(dequeue(HOST), 0);
	set_fault(FAULT_BUSY, 1);
	assert_int_equal(enqueue(HOST, 2), AP_RC_BUSY);
	assert_int_equal(queue->handovers, 0);
}

static void only_a_zapq_that_has_ended_cleans(void **state)
{
	(void)state;
	enqueue(GUEST, 1);
	queue_reset(queue, now, false);
	now += queue->reset_time;
	reaches(GUEST2, 1);

	queue_reset(queue, now, true);
	reaches(HOST, 1);
	now += queue->reset_time;
	reaches(GUEST2, 0);

	enqueue(GUEST, 1);
	queue_reset(queue, now, true);
	adapter.state = ADAPTER_DECONFIGURED;
	queue_stop(queue);
	now += queue->reset_time;
	adapter.state = ADAPTER_OPERATING;
	reaches(HOST, 1);

	zapq();
	reaches(GUEST, 0);
	reaches(HOST, 0);
}

/* After any events, counts fit, and no request is leaked or freed twice. */
static void any_order_of_events(void **state)
{
	struct request *running[16];
	unsigned int count = 0;
	char reply[16];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		uint64_t psmid;
		size_t length, left;
		uint64_t user = 1 + seeded_below(3);

		now += seeded_below(QUEUE_RESET_TIME / 4);
		switch (seeded_below(13)) {
		case 0:
			queue_reset(queue, now, seeded_below(2));
			break;
		case 1:
			queue_drop_of(queue, user);
			break;
		case 2:
			adapter.state = seeded_below(3);
			if (adapter.state != ADAPTER_OPERATING)
				queue_stop(queue);
			break;
		case 3:
		case 4:
			if (count < 16 && queue_next_client(queue))
				running[count++] = queue_start(queue);
			break;
		case 5:
		case 6:
			if (count)
				queue_finish(running[--count], now, "reply",
					     seeded_below(6));
			break;
		case 12:
			set_fault(seeded_below(FAULTS), seeded_below(3));
			break;
		case 7:
		case 8:
			queue_dequeue(queue, now, user, reply,
				      1 + seeded_below(8), &length, &left,
				      &psmid);
			break;
		default:
			queue_enqueue(queue, now, &clients[user], i, "a long request",
				      1 + seeded_below(14));
		}
		assert_true(queue->count <= DEPTH);
		assert_true(!(status() & AP_STATUS_QUEUE_EMPTY) ==
			    !!queue->count);
	}
	while (count)
		queue_finish(running[--count], now, "", 0);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_new_queue_is_empty),
		POINT(a_request_waits_runs_and_is_done),
		POINT(the_time_that_a_request_took_is_counted),
		POINT(a_full_queue_takes_no_more),
		POINT(a_queue_without_memory_is_full),
		POINT(without_memory_nothing_is_held),
		POINT(requests_may_overtake_each_other),
		POINT(a_reply_is_taken_in_parts),
		POINT(a_reset_takes_its_time),
		POINT(a_reset_that_never_ends_can_be_ended),
		POINT(a_reset_drops_everything),
		POINT(strays_do_not_count_against_the_depth),
		POINT(only_one_users_requests_are_dropped),
		POINT(a_deconfigured_adapter),
		POINT(a_checkstopped_adapter),
		POINT(a_busy_queue_says_so),
		POINT(a_queue_may_claim_to_be_full),
		POINT(a_reset_may_fail),
		POINT(a_reply_may_be_lost),
		POINT(a_reply_may_be_wrong),
		POINT(an_empty_reply_stays_empty),
		POINT(interrupts_are_switched_once),
		POINT(what_is_kept_has_a_revision),
		POINT(what_a_stop_ends_has_a_revision),
		POINT(leftovers_are_found_once),
		POINT(a_message_finds_leftovers),
		POINT(no_message_finds_nothing),
		POINT(only_a_zapq_that_has_ended_cleans),
		POINT(any_order_of_events),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
