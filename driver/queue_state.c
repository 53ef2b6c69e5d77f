// SPDX-License-Identifier: GPL-2.0-only
#include "queue_state.h"

/* Response codes of PQAP that matter to a reset. */
enum {
	RC_NORMAL = 0x00,
	RC_NOT_AVAILABLE = 0x01,
	RC_RESET_IN_PROGRESS = 0x02,
	RC_DECONFIGURED = 0x03,
	RC_CHECKSTOPPED = 0x04,
	RC_BUSY = 0x05,
	RC_STATE_CHANGE_IN_PROGRESS = 0x0a,
	RC_SECRET_NOT_UNIQUE = 0x35,
	RC_ASSOC_FAILED = 0x36,
};

enum verdict { DONE, WAIT, AGAIN, UNAVAILABLE, FAILED };

static enum verdict judge(const struct queue_answer *answer)
{
	/*
	 * An asynchronous error, of a failed association for example, persists
	 * until the next reset.
	 */
	if (answer->async)
		return AGAIN;
	switch (answer->rc) {
	case RC_NORMAL:
		return DONE;
	case RC_RESET_IN_PROGRESS:
	case RC_BUSY:
	case RC_STATE_CHANGE_IN_PROGRESS:
		return WAIT;
	case RC_SECRET_NOT_UNIQUE:
	case RC_ASSOC_FAILED:
		return AGAIN;
	case RC_NOT_AVAILABLE:
	case RC_DECONFIGURED:
	case RC_CHECKSTOPPED:
		return UNAVAILABLE;
	default:
		return FAILED;
	}
}

static void begin(struct queue_state *s)
{
	s->zapped = false;
	s->epoch++;
}

void vfio_ap_queue_state_init(struct queue_state *s)
{
	memset(s, 0, sizeof(*s));
	s->phase = QUEUE_RESETTING;
}

bool vfio_ap_queue_state_available(const struct queue_state *s, const void *owner)
{
	if (s->owner)
		return s->owner == owner && s->phase != QUEUE_QUARANTINED;
	return s->phase == QUEUE_CLEAN;
}

void vfio_ap_queue_state_enter(struct queue_state *s, const void *owner)
{
	if (s->owner == owner)
		return;
	s->owner = owner;
	s->phase = QUEUE_USED;
	s->tainted = true;
}

void vfio_ap_queue_state_leave(struct queue_state *s)
{
	s->owner = NULL;
	if (s->phase != QUEUE_QUARANTINED)
		s->phase = QUEUE_RESETTING;
	begin(s);
}

void vfio_ap_queue_state_reset(struct queue_state *s)
{
	s->phase = QUEUE_RESETTING;
	begin(s);
}

bool vfio_ap_queue_state_is_stuck(const struct queue_state *s)
{
	return s->tainted && !s->owner &&
	       (s->phase == QUEUE_UNAVAILABLE || s->phase == QUEUE_QUARANTINED);
}

bool vfio_ap_queue_state_wants_zapq(const struct queue_state *s)
{
	return !s->zapped;
}

/*
 * This includes retries: what happens to the queue between ZAPQ and TAPQ must
 * not be missed.
 */
static bool reset_is_awaited(const struct queue_state *s)
{
	switch (s->phase) {
	case QUEUE_RESETTING:
		return true;
	case QUEUE_UNAVAILABLE:
	case QUEUE_QUARANTINED:
		return s->zapped;
	default:
		return false;
	}
}

enum queue_step vfio_ap_queue_state_pause(const struct queue_state *s)
{
	return reset_is_awaited(s) ? QUEUE_STEP_SOON : QUEUE_STEP_LATER;
}

/*
 * A queue in a guest goes back to the guest, which sees for itself what the
 * queue cannot do.
 */
static enum queue_step settle(struct queue_state *s, enum queue_phase phase)
{
	if (s->owner && phase != QUEUE_QUARANTINED)
		phase = QUEUE_USED;
	s->phase = phase;
	if (phase == QUEUE_CLEAN)
		s->tainted = false;
	if (phase == QUEUE_UNAVAILABLE || phase == QUEUE_QUARANTINED)
		s->zapped = false;
	return phase == QUEUE_CLEAN || phase == QUEUE_USED ? QUEUE_STEP_DONE : QUEUE_STEP_LATER;
}

/*
 * A quarantine ends with a reset that is known to have succeeded, not with the
 * queue's absence.
 */
static enum queue_step unavailable(struct queue_state *s)
{
	return settle(s, s->phase == QUEUE_QUARANTINED ? QUEUE_QUARANTINED : QUEUE_UNAVAILABLE);
}

enum queue_step vfio_ap_queue_state_answered(struct queue_state *s,
					     const struct queue_answer *answer)
{
	enum verdict verdict = judge(answer);

	s->rc = answer->rc;
	switch (verdict) {
	case DONE:
		if (!s->zapped) {
			s->zapped = true;
			return QUEUE_STEP_SOON;
		}
		if (answer->idle) {
			s->hwinfo = answer->hwinfo;
			return settle(s, QUEUE_CLEAN);
		}
		/* The queue was used after the ZAPQ, so start again. */
		s->zapped = false;
		return vfio_ap_queue_state_pause(s);
	case WAIT:
		return vfio_ap_queue_state_pause(s);
	case AGAIN:
		s->zapped = false;
		return vfio_ap_queue_state_pause(s);
	case UNAVAILABLE:
		return unavailable(s);
	default:
		return settle(s, QUEUE_QUARANTINED);
	}
}

void vfio_ap_queue_state_give_up(struct queue_state *s)
{
	if (s->phase == QUEUE_RESETTING)
		settle(s, QUEUE_QUARANTINED);
	else if (reset_is_awaited(s))
		s->phase = QUEUE_QUARANTINED;
}
