/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long requests took, as a histogram of fixed size. Each doubling of the
 * time has LATENCY_STEPS buckets. A percentile is told as the longest time of
 * its bucket and is therefore too long by a quarter at most. Times below
 * LATENCY_STEPS microseconds have a bucket for each microsecond. The last
 * bucket, of a little more than two minutes, also counts everything that took
 * longer.
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

/* Count a request that took @time microseconds. */
void latency_add(struct latency *latency, uint64_t time);

/*
 * latency_bucket() returns the bucket that counts @time, and latency_bound()
 * the longest time of a bucket, in microseconds.
 */
unsigned int latency_bucket(uint64_t time);
uint64_t latency_bound(unsigned int bucket);

/*
 * Return the time in microseconds that @percent of the requests did not exceed,
 * or LATENCY_NONE if there were no requests.
 */
uint64_t latency_percentile(const struct latency *latency,
			    unsigned int percent);

/*
 * Write @time for people, as 850us, 1.2ms or 3.1s, or as - if it is
 * LATENCY_NONE. Return @text.
 */
const char *latency_text(char text[LATENCY_TEXT], uint64_t time);

#endif /* CEX_LATENCY_H */
