// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "intercept.h"

static int end(struct intercept *intercept, uint32_t *status, uint32_t with)
{
	intercept->state = INTERCEPT_NONE;
	*status = with;
	return 0;
}

static int begin(struct intercept *intercept, uint64_t now,
		 const struct ap_intercept *registers, bool *is_new)
{
	*intercept = (struct intercept){
		.state = INTERCEPT_WAITING,
		.registers = *registers,
		.since = now,
	};
	*is_new = true;
	return -EAGAIN;
}

static bool is_for(const struct intercept *intercept,
		   const struct ap_intercept *registers)
{
	return !memcmp(&intercept->registers, registers, sizeof(*registers));
}

/*
 * Nobody may ask again for an AQIC: the CPU was reset, or its VM. So when the
 * time of one is over, that of another CPU takes its place.
 */
int intercept_ask(struct intercept *intercept, uint64_t now,
		  const struct ap_intercept *registers, uint32_t *status,
		  bool *is_new)
{
	bool is_late = now - intercept->since > INTERCEPT_PATIENCE;

	*is_new = false;
	if (intercept->state == INTERCEPT_NONE)
		return begin(intercept, now, registers, is_new);
	if (!is_for(intercept, registers))
		return is_late ? begin(intercept, now, registers, is_new) :
				 -EAGAIN;
	if (intercept->state == INTERCEPT_ANSWERED)
		return end(intercept, status, intercept->status);
	if (is_late)
		return end(intercept, status, AP_STATUS_OF_RC(AP_RC_BUSY));
	return -EAGAIN;
}

void intercept_drop(struct intercept *intercept,
		    const struct ap_intercept *registers)
{
	if (is_for(intercept, registers))
		intercept->state = INTERCEPT_NONE;
}

int intercept_fetch(struct intercept *intercept, struct ap_intercept *registers)
{
	if (intercept->state != INTERCEPT_WAITING)
		return -ENODATA;
	intercept->state = INTERCEPT_FETCHED;
	*registers = intercept->registers;
	return 0;
}

int intercept_answer(struct intercept *intercept, uint32_t status)
{
	if (intercept->state != INTERCEPT_FETCHED)
		return -ENODATA;
	intercept->state = INTERCEPT_ANSWERED;
	intercept->status = status;
	return 0;
}

bool intercept_is_for(const struct intercept *intercept, uint16_t apqn)
{
	return intercept->state == INTERCEPT_FETCHED &&
	       (uint16_t)intercept->registers.gr[0] == apqn &&
	       intercept->registers.gr[1] & AP_AQIC_ENABLE;
}
