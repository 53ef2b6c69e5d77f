// SPDX-License-Identifier: GPL-2.0-only
#include "display.h"

/* The reply may have been taken, as long as its VM has not said that it was not. */
static bool is_in_doubt(const struct request *request)
{
	return request->slot != SHELF_NONE &&
	       !shelf_shows(request->client->shelf, request->slot);
}

static bool can_lay(const struct request *request)
{
	return request->slot != SHELF_NONE || request->length <= SHELF_ROOM;
}

static bool is_suitable(const struct request *request, const struct client *client)
{
	if (request->client != client || is_in_doubt(request))
		return false;
	return request->state != REQUEST_DONE || can_lay(request);
}

static bool can_show(struct queue *queue, const struct client *client,
		     uint64_t now, uint64_t saved)
{
	const struct request *request;
	unsigned int new = 0;

	if (queue->user != client->id || queue->partial ||
	    queue->revision > saved || queue_update(queue, now) ||
	    !shelf_has_line(client->shelf, queue->apqn))
		return false;
	TAILQ_FOREACH(request, &queue->requests, link) {
		if (!is_suitable(request, client))
			return false;
		new += request->state == REQUEST_DONE && request->slot == SHELF_NONE;
	}
	return queue->count <= SHELF_REPLIES && shelf_has_slots(client->shelf, new);
}

static void lay(struct request *request, struct shelf_line *line)
{
	if (request->slot == SHELF_NONE)
		request->slot = shelf_lay(request->client->shelf, request,
					  request->psmid, request->data,
					  request->length);
	line->reply[line->head.replies++] = (struct shelf_reply){
		.slot = request->slot,
		.length = request->length,
	};
}

void display_show(struct queue *queue, const struct client *client, uint64_t now,
		  uint64_t saved)
{
	struct shelf_line line = { .head = {
		.apqn = queue->apqn,
		.room = adapter_message_max(queue->adapter),
		.depth = queue->adapter->firmware->depth,
		.count = queue->count,
		.flags = SHELF_VALID | (queue->irq ? SHELF_IRQ : 0),
	} };
	struct request *request;

	if (!can_show(queue, client, now, saved)) {
		shelf_withdraw(client->shelf, queue->apqn);
		return;
	}
	TAILQ_FOREACH(request, &queue->requests, link)
		if (request->state == REQUEST_DONE)
			lay(request, &line);
	shelf_write(client->shelf, &line);
}

static bool has_doubt(const struct queue *queue, const struct client *client)
{
	const struct request *request;

	TAILQ_FOREACH(request, &queue->requests, link)
		if (request->client == client && is_in_doubt(request))
			return true;
	return false;
}

/*
 * A reply that is dropped leaves the rest of its line in doubt, until the slots
 * of all of them are freed. The last one stands for the queue, so that what a VM
 * says makes no work for each reply and each guest.
 */
void display_take(const struct client *client, uint64_t taken,
		  void (*changed)(struct queue *queue, void *context),
		  void *context)
{
	struct request *request;

	while ((request = shelf_next_taken(client->shelf, &taken))) {
		struct queue *queue = request->queue;

		queue_drop(request);
		if (!has_doubt(queue, client))
			changed(queue, context);
	}
	while ((request = shelf_next_free(client->shelf))) {
		request->slot = SHELF_NONE;
		if (!has_doubt(request->queue, client))
			changed(request->queue, context);
	}
}
