/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sample of a machine's status, as the command `status json` of swcexd
 * reports it, and what happened between two samples.
 */
#ifndef SWCEX_SAMPLE_H
#define SWCEX_SAMPLE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * @answer: swcexd's answer, which owns the texts of @queues
 * @time: when it was taken, in nanoseconds of CLOCK_MONOTONIC
 */
struct sample {
	struct json_object *answer;
	uint64_t time;
	uint64_t dirty_handovers;
	size_t count;
	struct sample_queue *queues;
};

/*
 * Read @json into @sample. Return false, with @sample empty, if swcexd does not
 * write such text.
 */
bool sample_read(struct sample *sample, const char *json, uint64_t time);

/* Free the contents of @sample, which may be all zero. */
void sample_free(struct sample *sample);

/*
 * Write @sample to @out. Rates and latencies are those since @before. If @before
 * is all zero, latencies are those since swcexd's start, and there are no
 * rates. The JSON form is one line, which swcex-stat(1) describes; as it is
 * made by changing the answer in @sample, sample_json() may be called once per
 * sample.
 */
void sample_text(FILE *out, const struct sample *sample,
		 const struct sample *before);
void sample_json(FILE *out, const struct sample *sample,
		 const struct sample *before);

#endif /* SWCEX_SAMPLE_H */
