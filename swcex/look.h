/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One look at a machine, as swcexd's command `status json` tells it, and what
 * happened between two of them.
 */
#ifndef SWCEX_LOOK_H
#define SWCEX_LOOK_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * @answer: what swcexd said, which owns the texts of @queues
 * @time: when, in nanoseconds of CLOCK_MONOTONIC
 */
struct look {
	struct json_object *answer;
	uint64_t time;
	uint64_t dirty_handovers;
	size_t count;
	struct look_queue *queues;
};

/* Read @json. False: it is not what swcexd says; @look is then empty. */
bool look_read(struct look *look, const char *json, uint64_t time);

/* Free what a look has; one that is all zero has nothing. */
void look_free(struct look *look);

/*
 * Write @look. Rates and latencies are those since @before; without it, which
 * has then no time, the latencies are those since swcexd's start, and there are
 * no rates. The JSON form is one line, described in swcex-stat(1); it is made of
 * @look's answer, and can be had once.
 */
void look_text(FILE *out, const struct look *look, const struct look *before);
void look_json(FILE *out, const struct look *look, const struct look *before);

#endif /* SWCEX_LOOK_H */
