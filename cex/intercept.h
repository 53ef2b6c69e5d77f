/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's AQIC, which waits for its LPAR to decide.
 *
 * The guest's side asks until there is an answer: swcexd does not wait for an LPAR.
 * A guest has one at a time; its other CPUs have to ask again. The caller holds
 * the machine's lock, and tells the time in nanoseconds as @now.
 */
#ifndef CEX_INTERCEPT_H
#define CEX_INTERCEPT_H

#include <stdbool.h>

#include "abi/ap.h"

/* What an LPAR may take for its answer. */
#define INTERCEPT_PATIENCE	UINT64_C(5000000000)

enum intercept_state {
	INTERCEPT_NONE,
	INTERCEPT_WAITING,	/* the LPAR has not fetched it */
	INTERCEPT_FETCHED,
	INTERCEPT_ANSWERED,	/* @status is for the guest to collect */
};

struct intercept {
	enum intercept_state state;
	struct ap_intercept registers;
	uint64_t since;
	uint32_t status;
};

/*
 * The guest asks, for the first time or again. Returns 0 when @status is the
 * answer, and the intercept is over; -EAGAIN when there is none yet. @is_new:
 * the LPAR is to be told.
 */
int intercept_ask(struct intercept *intercept, uint64_t now,
		  const struct ap_intercept *registers, uint32_t *status,
		  bool *is_new);

/* The LPAR fetches it, and answers. -ENODATA: there is none to be fetched or answered. */
int intercept_fetch(struct intercept *intercept, struct ap_intercept *registers);
int intercept_answer(struct intercept *intercept, uint32_t status);

/* Has the LPAR fetched an AQIC that switches on interruptions of @apqn? */
bool intercept_is_for(const struct intercept *intercept, uint16_t apqn);

#endif /* CEX_INTERCEPT_H */
