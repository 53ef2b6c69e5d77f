// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "latency.h"

/*
 * Times from LATENCY_STEPS << n to (2 * LATENCY_STEPS << n) - 1 are divided
 * into steps of 1 << n.
 */
unsigned int latency_bucket(uint64_t time)
{
	unsigned int doubling = 0;

	while (time >= 2 * LATENCY_STEPS) {
		time >>= 1;
		doubling++;
	}
	time += (uint64_t)doubling * LATENCY_STEPS;
	return time < LATENCY_BUCKETS ? time : LATENCY_BUCKETS - 1;
}

uint64_t latency_bound(unsigned int bucket)
{
	unsigned int doubling = bucket / LATENCY_STEPS;
	uint64_t next = bucket % LATENCY_STEPS + 1;

	if (!doubling)
		return bucket;
	return ((LATENCY_STEPS + next) << (doubling - 1)) - 1;
}

void latency_add(struct latency *latency, uint64_t time)
{
	latency->count[latency_bucket(time)]++;
}

static uint64_t total(const struct latency *latency)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < LATENCY_BUCKETS; i++)
		sum += latency->count[i];
	return sum;
}

uint64_t latency_percentile(const struct latency *latency,
			    unsigned int percent)
{
	uint64_t requests = total(latency);
	uint64_t rank = (requests * percent + 99) / 100;
	uint64_t sum = 0;

	if (!requests)
		return LATENCY_NONE;
	for (unsigned int i = 0; i < LATENCY_BUCKETS; i++) {
		sum += latency->count[i];
		if (sum && sum >= rank)
			return latency_bound(i);
	}
	return LATENCY_NONE;
}

const char *latency_text(char text[LATENCY_TEXT], uint64_t time)
{
	if (time == LATENCY_NONE)
		snprintf(text, LATENCY_TEXT, "-");
	else if (time < 1000)
		snprintf(text, LATENCY_TEXT, "%" PRIu64 "us", time);
	else if (time < 1000000)
		snprintf(text, LATENCY_TEXT, "%.1fms", time / 1e3);
	else
		snprintf(text, LATENCY_TEXT, "%.1fs", time / 1e6);
	return text;
}
