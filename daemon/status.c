// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <json-c/json.h>

#include "status.h"
#include "vm_name.h"

#define QUEUES	(AP_ADAPTERS * AP_DOMAINS)
#define STEP	64	/* queues */

static const char *const states[] = {
	[CEX_OPERATING] = "operating",
	[CEX_RESET_IN_PROGRESS] = "reset",
	[CEX_DECONFIGURED] = "deconfigured",
	[CEX_CHECKSTOPPED] = "checkstopped",
	[CEX_BUSY] = "busy",
	[CEX_REMOVED] = "removed",
};

/*
 * Write faults as " busy" if there is no end to them, and as " reply-lost=2" if
 * they strike twice more.
 */
static void text_faults(FILE *out, const struct faults *faults)
{
	for (enum fault fault = 0; fault < FAULTS; fault++) {
		uint64_t left = faults->left[fault];

		if (left)
			fprintf(out, " %s", fault_name(fault));
		if (left && left != FAULT_ALWAYS)
			fprintf(out, "=%" PRIu64, left);
	}
	fputc('\n', out);
}

static void text_row(FILE *out, uint16_t apqn,
		     const struct cex_queue_info *info)
{
	char p50[LATENCY_TEXT], p99[LATENCY_TEXT];

	latency_text(p50, latency_percentile(&info->latency, 50));
	latency_text(p99, latency_percentile(&info->latency, 99));
	fprintf(out, "%02x.%04x %-6s %-12s %-8s %-8s %7u %9" PRIu64 " %7s %7s %5" PRIu64,
		AP_ADAPTER(apqn), AP_DOMAIN(apqn), info->type,
		states[info->state], vm_name(info->owner).text,
		info->clean ? "-" : vm_name(info->user).text, info->pending,
		info->served, p50, p99, info->dirty_handovers);
	text_faults(out, &info->faults);
}

static struct json_object *json_faults(const struct faults *faults)
{
	struct json_object *object = json_object_new_object();

	for (enum fault fault = 0; fault < FAULTS; fault++) {
		uint64_t left = faults->left[fault];

		if (left)
			json_object_object_add(object, fault_name(fault),
					       left == FAULT_ALWAYS ? NULL :
					       json_object_new_uint64(left));
	}
	return object;
}

static struct json_object *json_percentile(const struct latency *latency,
					   unsigned int percent)
{
	uint64_t time = latency_percentile(latency, percent);

	return time == LATENCY_NONE ? NULL : json_object_new_uint64(time);
}

/* Return the buckets that are not empty, each as its bound and its count. */
static struct json_object *json_buckets(const struct latency *latency)
{
	struct json_object *buckets = json_object_new_array();

	for (unsigned int i = 0; i < LATENCY_BUCKETS; i++) {
		struct json_object *bucket;

		if (!latency->count[i])
			continue;
		bucket = json_object_new_array();
		json_object_array_add(bucket,
				      json_object_new_uint64(latency_bound(i)));
		json_object_array_add(bucket,
				      json_object_new_uint64(latency->count[i]));
		json_object_array_add(buckets, bucket);
	}
	return buckets;
}

static struct json_object *json_latency(const struct latency *latency)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "p50", json_percentile(latency, 50));
	json_object_object_add(object, "p99", json_percentile(latency, 99));
	json_object_object_add(object, "buckets", json_buckets(latency));
	return object;
}

static struct json_object *json_queue(uint16_t apqn,
				      const struct cex_queue_info *info)
{
	struct json_object *queue = json_object_new_object();
	char name[16];

	snprintf(name, sizeof(name), "%02x.%04x", AP_ADAPTER(apqn),
		 AP_DOMAIN(apqn));
	json_object_object_add(queue, "queue", json_object_new_string(name));
	json_object_object_add(queue, "type",
			       json_object_new_string(info->type));
	json_object_object_add(queue, "state",
			       json_object_new_string(states[info->state]));
	json_object_object_add(queue, "owner",
			       json_object_new_string(vm_name(info->owner).text));
	json_object_object_add(queue, "user", info->clean ? NULL :
			       json_object_new_string(vm_name(info->user).text));
	json_object_object_add(queue, "pending",
			       json_object_new_int64(info->pending));
	json_object_object_add(queue, "served",
			       json_object_new_uint64(info->served));
	json_object_object_add(queue, "latency_us",
			       json_latency(&info->latency));
	json_object_object_add(queue, "dirty_handovers",
			       json_object_new_uint64(info->dirty_handovers));
	json_object_object_add(queue, "reset_ms",
			       info->reset_ms == UINT64_MAX ? NULL :
			       json_object_new_uint64(info->reset_ms));
	json_object_object_add(queue, "faults", json_faults(&info->faults));
	return queue;
}

/*
 * Each queue is written on its own: a tree of all queues would take a hundred
 * times the memory, and the time.
 */
static void json_row(FILE *out, uint16_t apqn,
		     const struct cex_queue_info *info)
{
	struct json_object *queue = json_queue(apqn, info);

	fputs(json_object_to_json_string_ext(queue, JSON_C_TO_STRING_PLAIN),
	      out);
	json_object_put(queue);
}

static void begin(const struct status *status, FILE *out,
		  struct cex_machine *machine)
{
	if (status->json)
		fprintf(out, "{\"dirty_handovers\":%" PRIu64 ",\"queues\":[\n",
			cex_dirty_handovers(machine));
	else
		fprintf(out, "%-7s %-6s %-12s %-8s %-8s %7s %9s %7s %7s %5s %s\n",
			"QUEUE", "TYPE", "STATE", "OWNER", "USER", "PENDING",
			"SERVED", "P50", "P99", "DIRTY", "FAULTS");
}

static void end(const struct status *status, FILE *out,
		struct cex_machine *machine)
{
	if (status->json)
		fputs(status->listed ? "\n]}\n" : "]}\n", out);
	else
		fprintf(out, "dirty handovers: %" PRIu64 "\n",
			cex_dirty_handovers(machine));
}

static void row(struct status *status, FILE *out, uint16_t apqn,
		const struct cex_queue_info *info)
{
	if (!status->json) {
		text_row(out, apqn, info);
		return;
	}
	if (status->listed)
		fputs(",\n", out);
	status->listed = true;
	json_row(out, apqn, info);
}

bool status_step(struct status *status, FILE *out, struct cex_machine *machine)
{
	unsigned int rows = 0;

	if (!status->begun)
		begin(status, out, machine);
	status->begun = true;
	while (status->next < QUEUES && rows < STEP) {
		uint16_t apqn = status->next++;
		struct cex_queue_info info;

		if (cex_queue_info(machine, apqn, &info))
			continue;
		row(status, out, apqn, &info);
		rows++;
	}
	if (status->next < QUEUES)
		return true;
	end(status, out, machine);
	return false;
}
