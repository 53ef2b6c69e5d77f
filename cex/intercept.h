/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An AQIC of a guest, which waits for the LPAR to decide.
 *
 * The guest's side asks again until there is an answer, so that swcexd never
 * waits for an LPAR. A guest has one AQIC under way at a time; its other CPUs
 * ask again until it has ended, or for longer than the LPAR may take, when it
 * counts as abandoned. The caller of every function holds the
 * machine's lock. @now is the time in nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef CEX_INTERCEPT_H
#define CEX_INTERCEPT_H

#include <stdbool.h>

#include "abi/ap.h"

/* How long the LPAR may take to answer, in nanoseconds. */
#define INTERCEPT_PATIENCE	UINT64_C(5000000000)

enum intercept_state {
	INTERCEPT_NONE,
	INTERCEPT_WAITING,	/* for the LPAR to fetch it */
	INTERCEPT_FETCHED,
	INTERCEPT_ANSWERED,	/* the guest is to collect @status */
};

struct intercept {
	enum intercept_state state;
	struct ap_intercept registers;
	uint64_t since;
	uint32_t status;
};

/*
 * Ask for the guest, for the first time or again. Return 0 when @status is the
 * answer, which ends the intercept, or -EAGAIN if there is none yet. @is_new is
 * set to whether the LPAR is to be notified of the intercept.
 */
int intercept_ask(struct intercept *intercept, uint64_t now,
		  const struct ap_intercept *registers, uint32_t *status,
		  bool *is_new);

/*
 * The guest has been told how its AQIC ended, without an answer of the LPAR:
 * nobody asks for it again.
 */
void intercept_drop(struct intercept *intercept,
		    const struct ap_intercept *registers);

/*
 * Fetch the intercept for the LPAR, and answer it. Both return 0, or -ENODATA
 * if there is none to be fetched or answered.
 */
int intercept_fetch(struct intercept *intercept, struct ap_intercept *registers);
int intercept_answer(struct intercept *intercept, uint32_t status);

/*
 * Return whether the LPAR has fetched an AQIC that enables interruptions of
 * @apqn and has not answered it.
 */
bool intercept_is_for(const struct intercept *intercept, uint16_t apqn);

#endif /* CEX_INTERCEPT_H */
