// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "observer.h"
#include "queue.h"

#define REPLY_TYPE_AT	1	/* in every message's header */

/*
 * The new domain of a coprocessor has master keys, so that it can be used
 * without a key console.
 */
static int make_domain(struct domain *domain, const struct adapter *adapter,
			uint16_t apqn)
{
	enum domain_error error = DOMAIN_OK;

	domain_init(domain, apqn);
	domain->generation = adapter->generation;
	for (int kind = 0; kind < MASTER_KEY_KINDS && !error; kind++)
		if (adapter_has_key(adapter, kind))
			error = domain_generate(domain, kind);
	return error ? -ENOMEM : 0;
}

void queue_take_model(struct queue *queue)
{
	const struct domain *model = queue->adapter->model;

	for (int kind = 0; model && kind < MASTER_KEY_KINDS; kind++) {
		const struct master_key *key = domain_current(model, kind);

		if (key && adapter_has_key(queue->adapter, kind))
			queue->domain.keys[kind][MASTER_KEY_CURRENT] = *key;
	}
}

struct queue *queue_new(struct adapter *adapter, uint16_t apqn)
{
	struct queue *queue = calloc(1, sizeof(*queue));
	int error;

	if (!queue)
		return NULL;
	error = make_domain(&queue->domain, adapter, apqn);
	if (error) {
		free(queue);
		errno = -error;
		return NULL;
	}
	queue->adapter = adapter;
	queue_take_model(queue);
	queue->apqn = apqn;
	queue->reset_time = QUEUE_RESET_TIME;
	TAILQ_INIT(&queue->requests);
	return queue;
}

/* A request or its reply may have held a key. */
static void request_free(struct request *request)
{
	OPENSSL_cleanse(request->data, request->room);
	free(request);
}

void queue_drop(struct request *request)
{
	struct queue *queue = request->queue;

	if (request->slot != SHELF_NONE)
		shelf_disown(request->client->shelf, request->slot, queue->apqn);
	TAILQ_REMOVE(&queue->requests, request, link);
	queue->count--;
	if (queue->partial == request)
		queue->partial = NULL;
	client_release(request->client, request->room);
	request->client = NULL;
	request->queue = NULL;
	if (request->state != REQUEST_RUNNING)
		request_free(request);
}

void queue_drop_all(struct queue *queue)
{
	struct request *request = TAILQ_FIRST(&queue->requests);

	while (request) {
		struct request *next = TAILQ_NEXT(request, link);

		queue_drop(request);
		request = next;
	}
}

void queue_drop_of(struct queue *queue, uint64_t user)
{
	struct request *request = TAILQ_FIRST(&queue->requests);

	while (request) {
		struct request *next = TAILQ_NEXT(request, link);

		if (request->user == user)
			queue_drop(request);
		request = next;
	}
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	queue_drop_all(queue);
	domain_wipe(&queue->domain);
	free(queue);
}

void queue_stop(struct queue *queue)
{
	queue_drop_all(queue);
	if (queue->irq || (queue->resetting && queue->zeroizing && queue->user))
		queue_touch(queue);
	queue->irq = 0;
	queue->resetting = false;
}

void queue_touch(struct queue *queue)
{
	uint64_t *revision = queue->adapter->revision;

	if (revision)
		queue->revision = queue->adapter->changed = ++*revision;
}

void queue_hold(struct queue *queue)
{
	struct ap_mask *held = &queue->adapter->held;

	if (queue->user || queue->irq)
		ap_mask_set(held, AP_DOMAIN(queue->apqn));
	else
		ap_mask_clear(held, AP_DOMAIN(queue->apqn));
}

static void set_user(struct queue *queue, uint64_t user, uint64_t heir)
{
	if (queue->user == user && queue->heir == heir)
		return;
	queue->user = user;
	queue->heir = heir;
	queue_hold(queue);
	queue_touch(queue);
}

static void end_reset(struct queue *queue)
{
	queue->resetting = false;
	if (queue->zeroizing)
		set_user(queue, 0, 0);
}

enum ap_rc queue_update(struct queue *queue, uint64_t now)
{
	if (queue->adapter->state == ADAPTER_DECONFIGURED)
		return AP_RC_DECONFIGURED;
	if (queue->adapter->state == ADAPTER_CHECKSTOPPED)
		return AP_RC_CHECKSTOPPED;
	if (queue->resetting) {
		if (now - queue->reset_start < queue->reset_time)
			return AP_RC_RESET_IN_PROGRESS;
		end_reset(queue);
	}
	return fault_is_set(&queue->faults, FAULT_BUSY) ? AP_RC_BUSY : AP_RC_NORMAL;
}

/*
 * Do the same for an instruction that changes the queue: it counts as a strike
 * of FAULT_BUSY.
 */
static enum ap_rc begin_instruction(struct queue *queue, uint64_t now)
{
	enum ap_rc rc = queue_update(queue, now);

	if (rc == AP_RC_BUSY)
		fault_strike(&queue->faults, FAULT_BUSY);
	return rc;
}

static struct request *first_in(const struct queue *queue,
				enum request_state state)
{
	struct request *request;

	TAILQ_FOREACH(request, &queue->requests, link)
		if (request->state == state)
			return request;
	return NULL;
}

bool queue_has_shown(const struct queue *queue)
{
	const struct request *request;

	TAILQ_FOREACH(request, &queue->requests, link)
		if (request->slot != SHELF_NONE)
			return true;
	return false;
}

/* Only the VM that was shown a reply can know whether it has taken it. */
static struct request *reply_for(const struct queue *queue, uint64_t user)
{
	struct request *request;

	TAILQ_FOREACH(request, &queue->requests, link)
		if (request->state == REQUEST_DONE &&
		    (request->slot == SHELF_NONE || request->user == user))
			return request;
	return NULL;
}

uint32_t queue_status(const struct queue *queue, uint64_t user, enum ap_rc rc)
{
	uint32_t word = AP_STATUS_OF_RC(rc);

	if (!queue->count)
		word |= AP_STATUS_QUEUE_EMPTY;
	if (queue->count >= queue->adapter->firmware->depth)
		word |= AP_STATUS_QUEUE_FULL;
	if (reply_for(queue, user))
		word |= AP_STATUS_REPLIES_WAITING;
	if (queue->irq)
		word |= AP_STATUS_IRQ_ENABLED;
	return word;
}

void queue_reach(struct queue *queue, uint64_t now, uint64_t user)
{
	/* A ZAPQ whose time is over has cleaned the queue. */
	queue_update(queue, now);
	if (!queue->user || queue->user == user || queue->heir == user)
		return;
	queue->handovers++;
	queue->adapter->handovers++;
	observer_tell(queue->adapter->observer, &(struct cex_event){
		.kind = CEX_DIRTY_HANDOVER,
		.apqn = queue->apqn,
		.vm = vm_index(user),
		.other = vm_index(queue->user),
	});
	set_user(queue, queue->user, user);
}

/*
 * A request has room for its reply from the start, so that making the reply
 * cannot fail.
 */
static struct request *request_new(struct queue *queue, struct client *client,
				   const void *message, size_t length)
{
	size_t room = queue->adapter->firmware->reply_max;
	struct request *request;

	if (room > adapter_message_max(queue->adapter))
		room = adapter_message_max(queue->adapter);
	if (room < length)
		room = length;
	if (client_hold(client, room))
		return NULL;
	request = malloc(sizeof(*request) + room);
	if (!request) {
		client_release(client, room);
		return NULL;
	}
	*request = (struct request){
		.queue = queue,
		.client = client,
		.user = client->id,
		.room = room,
		.length = length,
		.slot = SHELF_NONE,
	};
	memcpy(request->data, message, length);
	return request;
}

enum ap_rc queue_enqueue(struct queue *queue, uint64_t now,
			 struct client *client, uint64_t psmid,
			 const void *message, size_t length)
{
	enum ap_rc rc = begin_instruction(queue, now);
	struct request *request;

	if (rc)
		return rc;
	if (queue->count >= queue->adapter->firmware->depth ||
	    fault_strike(&queue->faults, FAULT_FULL))
		return AP_RC_Q_FULL;
	request = request_new(queue, client, message, length);
	if (!request)
		return AP_RC_Q_FULL;
	request->psmid = psmid;
	request->since = now;
	queue_reach(queue, now, client->id);
	TAILQ_INSERT_TAIL(&queue->requests, request, link);
	queue->count++;
	set_user(queue, client->id, 0);
	return AP_RC_NORMAL;
}

enum ap_rc queue_dequeue(struct queue *queue, uint64_t now, uint64_t user,
			 void *out, size_t room, size_t *length, size_t *left,
			 uint64_t *psmid)
{
	enum ap_rc rc = begin_instruction(queue, now);
	struct request *reply = queue->partial;

	if (rc)
		return rc;
	if (!reply)
		reply = reply_for(queue, user);
	if (!reply)
		return AP_RC_NO_PENDING_REPLY;

	queue_reach(queue, now, user);
	*left = reply->length - reply->taken;
	*length = room < *left ? room : *left;
	memcpy(out, reply->data + reply->taken, *length);
	reply->taken += *length;
	*left -= *length;
	if (*left) {
		queue->partial = reply;
	} else {
		*psmid = reply->psmid;
		queue_drop(reply);
	}
	return AP_RC_NORMAL;
}

static void begin_reset(struct queue *queue, uint64_t now, bool zeroize)
{
	queue_drop_all(queue);
	if (queue->irq || (zeroize && queue->user))
		queue_touch(queue);
	queue->irq = 0;
	queue->resetting = true;
	queue->zeroizing = zeroize;
	queue->reset_start = now;
}

enum ap_rc queue_reset(struct queue *queue, uint64_t now, bool zeroize)
{
	enum ap_rc rc = begin_instruction(queue, now);

	if (rc)
		return rc;
	if (fault_strike(&queue->faults, FAULT_RESET_ERROR))
		return AP_RC_OTHERWISE_CHANGED;
	begin_reset(queue, now, zeroize);
	return AP_RC_NORMAL;
}

void queue_zeroize(struct queue *queue, uint64_t now)
{
	begin_reset(queue, now, true);
}

enum ap_rc queue_set_irq(struct queue *queue, uint64_t now, uint64_t user,
			 uint64_t indicator)
{
	enum ap_rc rc = begin_instruction(queue, now);

	if (rc)
		return rc;
	if (user && !indicator)
		return AP_RC_INVALID_ADDRESS;
	if (!queue->irq == !user)
		return AP_RC_OTHERWISE_CHANGED;
	queue->irq = user;
	queue_hold(queue);
	queue_touch(queue);
	return AP_RC_NORMAL;
}

struct request *queue_start(struct queue *queue)
{
	struct request *request = first_in(queue, REQUEST_WAITING);

	if (request)
		request->state = REQUEST_RUNNING;
	return request;
}

struct client *queue_next_client(const struct queue *queue)
{
	const struct request *request = first_in(queue, REQUEST_WAITING);

	return request ? request->client : NULL;
}

/* Let the faults of replies strike. Return false if there is to be no reply. */
static bool strike_reply(struct faults *faults, struct request *reply)
{
	if (fault_strike(faults, FAULT_REPLY_LOST))
		return false;
	if (fault_strike(faults, FAULT_REPLY_TRUNCATED))
		reply->length = (reply->length + 1) / 2;
	if (reply->length > REPLY_TYPE_AT &&
	    fault_strike(faults, FAULT_REPLY_TYPE))
		reply->data[REPLY_TYPE_AT] = 0xff;
	if (fault_strike(faults, FAULT_REPLY_ID))
		reply->psmid = ~reply->psmid;
	return true;
}

bool queue_finish(struct request *request, uint64_t now, const void *reply,
		  size_t length)
{
	struct queue *queue = request->queue;

	if (!queue) {
		request_free(request);
		return false;
	}
	OPENSSL_cleanse(request->data, request->length);
	memcpy(request->data, reply, length);
	request->length = length;
	request->state = REQUEST_DONE;
	if (!strike_reply(&queue->faults, request)) {
		queue_drop(request);
		return false;
	}
	queue->served++;
	latency_add(&queue->latency, (now - request->since) / 1000);
	return true;
}
