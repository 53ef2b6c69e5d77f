// SPDX-License-Identifier: GPL-2.0-only
#include "turns.h"

#define COST_WEIGHT	4	/* the last request counts for a quarter */

void turns_init(struct turns *turns)
{
	*turns = (struct turns){ 0 };
	TAILQ_INIT(&turns->clients);
}

static void unlist(struct turns *turns, struct queue *queue)
{
	struct client *client = queue->turn_of;

	TAILQ_REMOVE(&client->queues, queue, link);
	queue->turn_of = NULL;
	if (TAILQ_EMPTY(&client->queues))
		TAILQ_REMOVE(&turns->clients, client, link);
}

static void list(struct turns *turns, struct queue *queue, struct client *client)
{
	if (TAILQ_EMPTY(&client->queues)) {
		TAILQ_INSERT_TAIL(&turns->clients, client, link);
		if (client->time < turns->time)
			client->time = turns->time;
	}
	TAILQ_INSERT_TAIL(&client->queues, queue, link);
	queue->turn_of = client;
}

void turns_offer(struct turns *turns, struct queue *queue)
{
	struct client *client = queue_next_client(queue);

	if (queue->turn_of == client)
		return;
	if (queue->turn_of)
		unlist(turns, queue);
	if (client)
		list(turns, queue, client);
}

static struct client *next_client(const struct turns *turns)
{
	struct client *next = NULL, *client;

	TAILQ_FOREACH(client, &turns->clients, link)
		if (!next ||
		    client->time + client->cost < next->time + next->cost)
			next = client;
	return next;
}

static void begin_turn(struct turns *turns, struct client *client)
{
	if (turns->time < client->time)
		turns->time = client->time;
	client->time += client->cost;
}

struct request *turns_take(struct turns *turns, uint64_t *expected)
{
	struct client *client;

	while ((client = next_client(turns))) {
		struct queue *queue = TAILQ_FIRST(&client->queues);
		struct request *request = NULL;

		/* A queue may have been reset since it was listed. */
		if (queue_next_client(queue) == client) {
			*expected = client->cost;
			begin_turn(turns, client);
			request = queue_start(queue);
		}
		unlist(turns, queue);
		turns_offer(turns, queue);
		if (request)
			return request;
	}
	return NULL;
}

void turns_charge(struct client *client, uint64_t expected, uint64_t took)
{
	client->time += took - expected;
	client->cost += took / COST_WEIGHT - client->cost / COST_WEIGHT;
}

void turns_leave(struct turns *turns, struct client *client)
{
	struct queue *queue;

	while ((queue = TAILQ_FIRST(&client->queues))) {
		unlist(turns, queue);
		turns_offer(turns, queue);
	}
}
