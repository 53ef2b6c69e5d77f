/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sample of a machine's status, as the command `status json` of swcexd
 * reports it, and what happened between two samples.
 */
#ifndef SWCEX_LOOK_H
#define SWCEX_LOOK_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * @answer: swcexd's answer, which owns the texts of @queues
 * @time: when it was taken, in nanoseconds of CLOCK_MONOTONIC
 */
struct look {
	struct json_object *answer;
	uint64_t time;
	uint64_t dirty_handovers;
	size_t count;
	struct look_queue *queues;
};

/*
 * Read @json into @look. Return false, with @look empty, if swcexd does not
 * write such text.
 */
bool look_read(struct look *look, const char *json, uint64_t time);

/* Free the contents of @look, which may be all zero. */
void look_free(struct look *look);

/*
 * Write @look to @out. Rates and latencies are those since @before. If @before
 * is all zero, latencies are those since swcexd's start, and there are no
 * rates. The JSON form is one line, which swcex-stat(1) describes; as it is
 * made by changing the answer in @look, look_json() may be called once per
 * sample.
 */
void look_text(FILE *out, const struct look *look, const struct look *before);
void look_json(FILE *out, const struct look *look, const struct look *before);

#endif /* SWCEX_LOOK_H */
