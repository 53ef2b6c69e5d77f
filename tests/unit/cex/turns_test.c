// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cex/turns.c"

#define QUEUES	8
#define DEPTH	8
#define US	UINT64_C(1000)

static const struct firmware firmware = {
	.letter = 'A', .ml = 3, .depth = DEPTH, .reply_max = 8,
};

enum { HEAVY, LIGHT, THIRD, CLIENTS };

static struct adapter adapter;
static struct memory memory;
static struct client clients[CLIENTS];
static struct queue *queues[QUEUES];
static struct turns turns;

static int setup(void **state)
{
	(void)state;
	adapter = (struct adapter){ .firmware = &firmware };
	memory.held = 0;
	turns_init(&turns);
	for (int i = 0; i < CLIENTS; i++)
		client_init(&clients[i], i + 1, &memory);
	for (int i = 0; i < QUEUES; i++)
		queues[i] = queue_new(&adapter, AP_APQN(5, i));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < QUEUES; i++)
		queue_free(queues[i]);
	return memory.held ? -1 : 0;
}

static void enqueue(int client, int queue)
{
	assert_int_equal(queue_enqueue(queues[queue], 0, &clients[client], 1,
				       "request", 7), AP_RC_NORMAL);
	turns_offer(&turns, queues[queue]);
}

/*
 * Take a request, serve it in @took ns, and dequeue the reply. Return whose it
 * was.
 */
static int serve_in(const uint64_t took[CLIENTS])
{
	uint64_t expected, psmid;
	struct request *request = turns_take(&turns, &expected);
	struct queue *queue;
	size_t length, left;
	char reply[8];
	int client;

	if (!request)
		return -1;
	client = request->client - clients;
	queue = request->queue;
	turns_charge(request->client, expected, took[client]);
	queue_finish(request, 0, "reply", 5);
	queue_dequeue(queue, 0, client + 1, reply, 8, &length, &left, &psmid);
	return client;
}

static int serve(void)
{
	static const uint64_t same[CLIENTS] = { 100 * US, 100 * US, 100 * US };

	return serve_in(same);
}

static void no_request_waits(void **state)
{
	uint64_t expected;

	(void)state;
	assert_null(turns_take(&turns, &expected));
	enqueue(LIGHT, 0);
	queue_drop_all(queues[0]);
	assert_null(turns_take(&turns, &expected));
	enqueue(LIGHT, 0);
	assert_int_equal(serve(), LIGHT);
	assert_null(turns_take(&turns, &expected));
}

/* Return the queue of the next request, which is served at once. */
static struct queue *next_queue(void)
{
	uint64_t expected;
	struct request *request = turns_take(&turns, &expected);
	struct queue *queue = request ? request->queue : NULL;

	if (request)
		queue_finish(request, 0, "reply", 5);
	return queue;
}

static void queues_of_a_vm_take_turns(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		enqueue(HEAVY, 0);
	enqueue(HEAVY, 1);
	assert_ptr_equal(next_queue(), queues[0]);
	assert_ptr_equal(next_queue(), queues[1]);
	assert_ptr_equal(next_queue(), queues[0]);
	assert_ptr_equal(next_queue(), queues[0]);
	assert_null(next_queue());
}

/* Many queues of a VM are one turn, too. */
static void vms_take_turns(void **state)
{
	int served[CLIENTS] = { 0 };

	(void)state;
	for (int i = 0; i < QUEUES - 1; i++)
		for (int j = 0; j < DEPTH; j++)
			enqueue(HEAVY, i);
	for (int i = 0; i < DEPTH; i++)
		enqueue(LIGHT, QUEUES - 1);
	for (int i = 0; i < 2 * DEPTH; i++)
		served[serve()]++;
	assert_in_range(served[LIGHT], DEPTH - 1, DEPTH);
}

/* A VM that asks for little is next, however much another VM has asked for. */
static void a_light_vm_is_next(void **state)
{
	const uint64_t took[CLIENTS] = { 7000 * US, 200 * US, 200 * US };

	(void)state;
	for (int i = 0; i < QUEUES - 1; i++)
		for (int j = 0; j < DEPTH; j++)
			enqueue(HEAVY, i);
	for (int i = 0; i < 16; i++) {
		assert_int_equal(serve_in(took), HEAVY);
		enqueue(LIGHT, QUEUES - 1);
		assert_int_equal(serve_in(took), LIGHT);
	}
}

/*
 * Time counts, not number: there are several light requests for each heavy one.
 */
static void turns_weigh_what_they_cost(void **state)
{
	const uint64_t took[CLIENTS] = { 1000 * US, 100 * US, 100 * US };
	uint64_t spent[CLIENTS] = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		int client;

		if (!queues[0]->count)
			enqueue(HEAVY, 0);
		if (!queues[1]->count)
			enqueue(LIGHT, 1);
		client = serve_in(took);
		spent[client] += took[client];
	}
	assert_in_range(spent[LIGHT], spent[HEAVY] - 3000 * US,
			spent[HEAVY] + 3000 * US);
}

/* A VM that was idle has no claim to the time that it did not use. */
static void idle_time_is_not_saved_up(void **state)
{
	int served[CLIENTS] = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		enqueue(HEAVY, 0);
		assert_int_equal(serve(), HEAVY);
	}
	for (int i = 0; i < QUEUES; i++)
		for (int j = 0; j < DEPTH; j++)
			enqueue(i % 2 ? LIGHT : HEAVY, i);
	for (int i = 0; i < 20; i++)
		served[serve()]++;
	assert_in_range(served[HEAVY], 9, 11);
}

/*
 * A VM that has its queue reset while requests run has used the workers' time.
 */
static void a_reset_gains_no_time(void **state)
{
	int served[CLIENTS] = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		uint64_t expected;
		struct request *request;
		struct client *client;

		enqueue(HEAVY, 0);
		if (!queues[1]->count)
			enqueue(LIGHT, 1);
		request = turns_take(&turns, &expected);
		client = request->client;
		served[client - clients]++;
		queue_drop_all(request->queue);
		turns_charge(client, expected, 100 * US);
		queue_finish(request, 0, "reply", 5);
		queue_drop_all(queues[0]);
	}
	assert_in_range(served[LIGHT], 48, 52);
}

/* A request behind one that is gone is charged to its own VM. */
static void a_queue_changes_hands(void **state)
{
	(void)state;
	enqueue(HEAVY, 0);
	enqueue(LIGHT, 0);
	enqueue(THIRD, 1);
	clients[HEAVY].time = 1000000 * US;
	queue_drop_of(queues[0], clients[HEAVY].id);
	turns_leave(&turns, &clients[HEAVY]);
	assert_ptr_equal(queues[0]->turn_of, &clients[LIGHT]);
	assert_int_equal(serve(), THIRD);
	assert_int_equal(serve(), LIGHT);
	assert_int_equal(serve(), -1);

	enqueue(HEAVY, 0);
	queue_drop_all(queues[0]);
	enqueue(LIGHT, 0);
	assert_ptr_equal(queues[0]->turn_of, &clients[LIGHT]);
	assert_int_equal(serve(), LIGHT);
	assert_int_equal(serve(), -1);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(no_request_waits),
		POINT(queues_of_a_vm_take_turns),
		POINT(vms_take_turns),
		POINT(a_light_vm_is_next),
		POINT(turns_weigh_what_they_cost),
		POINT(idle_time_is_not_saved_up),
		POINT(a_reset_gains_no_time),
		POINT(a_queue_changes_hands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
