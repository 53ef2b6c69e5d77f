// SPDX-License-Identifier: GPL-2.0-only
#include "airq.h"

#define SUBCLASSES	8

/* @seen: count up to which the queue's interruptions are pending or taken */
struct airq_queue {
	uint64_t indicator;
	uint32_t source;
	uint32_t seen;
	uint8_t isc;
	bool pending;
};

static struct airq_queue *queue_at(const struct airq *airq, unsigned int i)
{
	return &g_array_index(airq->queues, struct airq_queue, i);
}

static uint32_t count_of(const struct airq *airq, uint32_t source)
{
	return airq->changes->interruptions[source];
}

static void remove_queue(struct airq *airq, uint32_t source)
{
	for (unsigned int i = 0; i < airq->queues->len; i++) {
		if (queue_at(airq, i)->source == source)
			g_array_remove_index_fast(airq->queues, i);
	}
}

static void update_queue(const struct airq *airq, struct airq_queue *queue,
			 bool anew)
{
	uint32_t count = count_of(airq, queue->source);

	queue->pending |= anew || queue->seen != count;
	queue->seen = count;
}

/*
 * Update the mask of pending subclasses, and return it. The caller holds the
 * lock.
 */
static unsigned int update(struct airq *airq)
{
	bool anew = airq->changes->since != airq->since;
	unsigned int mask = 0;

	airq->since = airq->changes->since;
	for (unsigned int i = 0; i < airq->queues->len; i++) {
		struct airq_queue *queue = queue_at(airq, i);

		update_queue(airq, queue, anew);
		if (queue->pending)
			mask |= AIRQ_SUBCLASS(queue->isc);
	}
	g_atomic_int_set(&airq->pending, mask);
	return mask;
}

void airq_init(struct airq *airq, const struct ap_changes *changes)
{
	*airq = (struct airq){ .changes = changes, .since = changes->since };
	g_mutex_init(&airq->lock);
	airq->queues = g_array_new(FALSE, FALSE, sizeof(struct airq_queue));
}

uint32_t airq_count(struct airq *airq, uint32_t source)
{
	uint32_t count;

	g_mutex_lock(&airq->lock);
	count = count_of(airq, source);
	g_mutex_unlock(&airq->lock);
	return count;
}

void airq_enable(struct airq *airq, uint32_t source, uint8_t isc,
		 uint64_t indicator, uint32_t count)
{
	const struct airq_queue queue = {
		.indicator = indicator,
		.source = source,
		.seen = count,
		.isc = isc,
	};

	g_mutex_lock(&airq->lock);
	remove_queue(airq, source);
	g_array_append_val(airq->queues, queue);
	update(airq);
	g_mutex_unlock(&airq->lock);
}

bool airq_is_on(struct airq *airq, uint32_t source)
{
	bool on = false;

	g_mutex_lock(&airq->lock);
	for (unsigned int i = 0; i < airq->queues->len; i++)
		on |= queue_at(airq, i)->source == source;
	g_mutex_unlock(&airq->lock);
	return on;
}

void airq_disable(struct airq *airq, uint32_t source)
{
	g_mutex_lock(&airq->lock);
	remove_queue(airq, source);
	update(airq);
	g_mutex_unlock(&airq->lock);
}

void airq_disable_all(struct airq *airq)
{
	g_mutex_lock(&airq->lock);
	g_array_set_size(airq->queues, 0);
	update(airq);
	g_mutex_unlock(&airq->lock);
}

unsigned int airq_look(struct airq *airq)
{
	unsigned int mask;

	g_mutex_lock(&airq->lock);
	mask = update(airq);
	g_mutex_unlock(&airq->lock);
	return mask;
}

unsigned int airq_pending(struct airq *airq)
{
	return g_atomic_int_get(&airq->pending);
}

static void set_indicators(struct airq *airq, uint8_t isc,
			   void (*set)(void *context, uint64_t indicator),
			   void *context)
{
	for (unsigned int i = 0; i < airq->queues->len; i++) {
		struct airq_queue *queue = queue_at(airq, i);

		if (queue->isc != isc || !queue->pending)
			continue;
		set(context, queue->indicator);
		queue->pending = false;
	}
}

/* Return the subclass of highest priority in @mask; subclass 0 comes first. */
static uint8_t first_subclass(unsigned int mask)
{
	uint8_t isc = 0;

	while (isc < SUBCLASSES && !(mask & AIRQ_SUBCLASS(isc)))
		isc++;
	return isc;
}

bool airq_take(struct airq *airq, unsigned int allowed, uint8_t *isc,
	       void (*set)(void *context, uint64_t indicator), void *context)
{
	g_mutex_lock(&airq->lock);
	*isc = first_subclass(update(airq) & allowed);
	if (*isc < SUBCLASSES) {
		set_indicators(airq, *isc, set, context);
		update(airq);
	}
	g_mutex_unlock(&airq->lock);
	return *isc < SUBCLASSES;
}
