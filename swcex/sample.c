// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cex/latency.h"
#include "sample.h"

struct sample_queue {
	const char *queue, *type, *state, *owner, *user;
	uint64_t pending, served, dirty_handovers;
	struct latency latency;		/* of all requests so far */
};

/* What happened on a queue between two samples. */
struct change {
	bool rated;
	double per_second;
	uint64_t p50, p99;
};

static struct json_object *member(struct json_object *object, const char *name)
{
	return json_object_object_get(object, name);
}

static uint64_t number(struct json_object *object, const char *name)
{
	return json_object_get_uint64(member(object, name));
}

/* Return a text member, or "-" if it is null or no text. */
static const char *text(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name);

	if (!json_object_is_type(value, json_type_string))
		return "-";
	return json_object_get_string(value);
}

static void read_buckets(struct latency *latency, struct json_object *buckets)
{
	size_t count = json_object_is_type(buckets, json_type_array) ?
		       json_object_array_length(buckets) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *pair = json_object_array_get_idx(buckets, i);
		struct json_object *bound, *requests;

		if (!json_object_is_type(pair, json_type_array))
			continue;
		bound = json_object_array_get_idx(pair, 0);
		requests = json_object_array_get_idx(pair, 1);
		latency->count[latency_bucket(json_object_get_uint64(bound))] +=
			json_object_get_uint64(requests);
	}
}

static void read_queue(struct sample_queue *queue, struct json_object *object)
{
	*queue = (struct sample_queue){
		.queue = text(object, "queue"),
		.type = text(object, "type"),
		.state = text(object, "state"),
		.owner = text(object, "owner"),
		.user = text(object, "user"),
		.pending = number(object, "pending"),
		.served = number(object, "served"),
		.dirty_handovers = number(object, "dirty_handovers"),
	};
	read_buckets(&queue->latency,
		     member(member(object, "latency_us"), "buckets"));
}

static bool read_queues(struct sample *sample)
{
	struct json_object *queues = member(sample->answer, "queues");

	if (!json_object_is_type(queues, json_type_array))
		return false;
	sample->count = json_object_array_length(queues);
	sample->queues = calloc(sample->count + 1, sizeof(*sample->queues));
	if (!sample->queues)
		return false;
	for (size_t i = 0; i < sample->count; i++) {
		struct json_object *queue = json_object_array_get_idx(queues, i);

		if (!json_object_is_type(queue, json_type_object))
			return false;
		read_queue(&sample->queues[i], queue);
	}
	return true;
}

bool sample_read(struct sample *sample, const char *json, uint64_t time)
{
	*sample = (struct sample){
		.answer = json_tokener_parse(json),
		.time = time,
	};
	if (json_object_is_type(sample->answer, json_type_object) &&
	    read_queues(sample)) {
		sample->dirty_handovers = number(sample->answer,
						 "dirty_handovers");
		return true;
	}
	sample_free(sample);
	return false;
}

void sample_free(struct sample *sample)
{
	json_object_put(sample->answer);
	free(sample->queues);
	*sample = (struct sample){ 0 };
}

/*
 * Return the queue @name in an earlier sample, where it usually has the same
 * place.
 */
static const struct sample_queue *find(const struct sample *sample,
				       const char *name, size_t place)
{
	if (place < sample->count && !strcmp(sample->queues[place].queue, name))
		return &sample->queues[place];
	for (size_t i = 0; i < sample->count; i++)
		if (!strcmp(sample->queues[i].queue, name))
			return &sample->queues[i];
	return NULL;
}

/*
 * Return the queue in the earlier sample, or NULL if swcexd was started again
 * in between, as it then counts from zero.
 */
static const struct sample_queue *ancestor(const struct sample *before,
					   const struct sample_queue *queue,
					   size_t place)
{
	const struct sample_queue *was = find(before, queue->queue, place);

	return was && was->served <= queue->served ? was : NULL;
}

static struct change change_of(const struct sample *sample,
			       const struct sample *before, size_t place)
{
	const struct sample_queue *queue = &sample->queues[place];
	const struct sample_queue *was = ancestor(before, queue, place);
	struct latency latency = queue->latency;
	struct change change = { .rated = was && sample->time > before->time };

	for (unsigned int i = 0; was && i < LATENCY_BUCKETS; i++)
		latency.count[i] -= was->latency.count[i];
	if (change.rated)
		change.per_second = (queue->served - was->served) /
				    ((sample->time - before->time) / 1e9);
	change.p50 = latency_percentile(&latency, 50);
	change.p99 = latency_percentile(&latency, 99);
	return change;
}

void sample_text(FILE *out, const struct sample *sample,
		 const struct sample *before)
{
	char rate[24], p50[LATENCY_TEXT], p99[LATENCY_TEXT];

	fprintf(out, "%-7s %-6s %-12s %-8s %-8s %7s %9s %8s %7s %7s %5s\n",
		"QUEUE", "TYPE", "STATE", "OWNER", "USER", "PENDING", "SERVED",
		"RATE", "P50", "P99", "DIRTY");
	for (size_t i = 0; i < sample->count; i++) {
		const struct sample_queue *queue = &sample->queues[i];
		struct change change = change_of(sample, before, i);

		snprintf(rate, sizeof(rate), change.rated ? "%.0f/s" : "-",
			 change.per_second);
		fprintf(out,
			"%-7s %-6s %-12s %-8s %-8s %7" PRIu64 " %9" PRIu64 " %8s %7s %7s %5" PRIu64 "\n",
			queue->queue, queue->type, queue->state, queue->owner,
			queue->user, queue->pending, queue->served, rate,
			latency_text(p50, change.p50),
			latency_text(p99, change.p99), queue->dirty_handovers);
	}
	fprintf(out, "dirty handovers: %" PRIu64 "\n", sample->dirty_handovers);
}

static struct json_object *json_time(uint64_t time)
{
	return time == LATENCY_NONE ? NULL : json_object_new_uint64(time);
}

/*
 * Replace the totals in swcexd's description of the queue by what happened
 * since the earlier sample.
 */
static void json_queue(struct json_object *queue, const struct change *change)
{
	struct json_object *latency = json_object_new_object();

	json_object_object_add(latency, "p50", json_time(change->p50));
	json_object_object_add(latency, "p99", json_time(change->p99));
	json_object_object_add(queue, "latency_us", latency);
	json_object_object_add(queue, "per_second", change->rated ?
			       json_object_new_double(change->per_second) :
			       NULL);
}

void sample_json(FILE *out, const struct sample *sample,
		 const struct sample *before)
{
	struct json_object *queues = member(sample->answer, "queues");

	for (size_t i = 0; i < sample->count; i++) {
		const struct change change = change_of(sample, before, i);

		json_queue(json_object_array_get_idx(queues, i), &change);
	}
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(sample->answer,
					       JSON_C_TO_STRING_PLAIN));
}
