/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a queue between its owners. Plain C without kernel calls; the
 * caller executes the instructions and keeps the clock.
 *
 * phase         the queue
 * RESETTING     waits for a reset that zeroizes it: after binding, after it left
 *               a guest, or because the guest that has it asked for one
 * CLEAN         holds nothing of anyone and can be given to a guest
 * USED          is in its owner's hands
 * UNAVAILABLE   is deconfigured, checkstopped or out of the configuration, so
 *               that it can neither be reset nor used; retried
 * QUARANTINED   did not come back from a reset in time or answered it with an
 *               error; retried, given to nobody
 *
 * owner is who has the queue in its guest's APCB, whatever the phase. A queue
 * that leaves a guest during a reset is reset again: the guest could use it
 * until it left. epoch tells the answers of the earlier reset apart.
 */
#ifndef VFIO_AP_QUEUE_STATE_H
#define VFIO_AP_QUEUE_STATE_H

#include "plain.h"

enum queue_phase {
	QUEUE_RESETTING,
	QUEUE_CLEAN,
	QUEUE_USED,
	QUEUE_UNAVAILABLE,
	QUEUE_QUARANTINED,
};

struct queue_state {
	enum queue_phase phase;
	const void *owner;
	unsigned int epoch;
	bool zapped;		/* a ZAPQ was accepted in this epoch */
	bool tainted;		/* was in a guest since it was last seen zeroized */
	__u8 rc;		/* response code of the last ZAPQ or TAPQ */
};

/* What a TAPQ or ZAPQ of a reset has told. */
struct queue_answer {
	__u8 rc;
	bool async;		/* rc is that of an earlier instruction, until the next reset */
	bool idle;		/* empty, no interruptions, left alone by the ap bus */
};

enum queue_step {
	QUEUE_STEP_SOON,	/* a reset is under way: the next instruction shortly */
	QUEUE_STEP_LATER,	/* nothing to wait for: look again now and then */
	QUEUE_STEP_DONE,	/* nothing more to do */
};

/* A queue just bound: whatever the host left in it has to go. */
void vfio_ap_queue_state_init(struct queue_state *s);
/* Whether @owner may have the queue in its guest's APCB, or keep it there. */
bool vfio_ap_queue_state_available(const struct queue_state *s, const void *owner);
/* The queue enters @owner's guest; it must be available. */
void vfio_ap_queue_state_enter(struct queue_state *s, const void *owner);
/* The queue left its guest: a reset has to be started. */
void vfio_ap_queue_state_leave(struct queue_state *s);
/*
 * The guest that has the queue, now USED, asks for a reset, or a queue that could not be reset
 * gets another chance: the reset has to be started.
 */
void vfio_ap_queue_state_reset(struct queue_state *s);
/* Whether nobody may have the queue because what a guest left could not be removed. */
bool vfio_ap_queue_state_is_stuck(const struct queue_state *s);
/* Whether the next instruction is ZAPQ (else TAPQ). */
bool vfio_ap_queue_state_wants_zapq(const struct queue_state *s);
/* The step if no instruction can be executed now. */
enum queue_step vfio_ap_queue_state_pause(const struct queue_state *s);
/* Take in the answer to the instruction that vfio_ap_queue_state_wants_zapq() named. */
enum queue_step vfio_ap_queue_state_answered(struct queue_state *s,
					     const struct queue_answer *answer);
/*
 * The deadline of a reset has passed. One that a retry began is watched on: it ends the
 * quarantine whenever it ends.
 */
void vfio_ap_queue_state_give_up(struct queue_state *s);

#endif
