/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long requests took: a histogram of fixed size. Each doubling of the
 * time has LATENCY_STEPS buckets, so that a percentile, which is told as the
 * longest time of its bucket, is too long by a quarter at most. Below
 * LATENCY_STEPS microseconds a bucket is one microsecond; the last one, of a
 * little more than two minutes, also counts what took longer.
 */
#ifndef CEX_LATENCY_H
#define CEX_LATENCY_H

#include <stdint.h>

#define LATENCY_STEPS	4
#define LATENCY_BUCKETS	104
#define LATENCY_NONE	UINT64_MAX
#define LATENCY_TEXT	24

struct latency {
	uint64_t count[LATENCY_BUCKETS];
};

/* Times are in microseconds. */
void latency_add(struct latency *latency, uint64_t time);

/* The bucket that counts @time, and the longest time of a bucket. */
unsigned int latency_bucket(uint64_t time);
uint64_t latency_bound(unsigned int bucket);

/*
 * What @percent of the requests did not take longer than; LATENCY_NONE if
 * there were none.
 */
uint64_t latency_percentile(const struct latency *latency,
			    unsigned int percent);

/* For people: 850us, 1.2ms, 3.1s, or - for LATENCY_NONE. Returns @text. */
const char *latency_text(char text[LATENCY_TEXT], uint64_t time);

#endif /* CEX_LATENCY_H */
