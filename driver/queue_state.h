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
	bool zapped;		/* ZAPQ was accepted in this epoch */
	bool tainted;		/* used by a guest since it was last known to be zeroized */
	__u8 rc;		/* response code of the last ZAPQ or TAPQ */
	__u64 hwinfo;		/* of the TAPQ that ended the last reset, or 0 */
};

/* The answer to TAPQ or ZAPQ during a reset. */
struct queue_answer {
	__u8 rc;
	bool async;		/* rc belongs to an earlier instruction, until the next reset */
	bool idle;		/* empty, interruptions disabled, and not used by the AP bus */
	__u64 hwinfo;		/* what TAPQ has stored about the queue */
};

enum queue_step {
	QUEUE_STEP_SOON,	/* a reset is in progress: execute the next instruction soon */
	QUEUE_STEP_LATER,	/* nothing is to be waited for: check again at intervals */
	QUEUE_STEP_DONE,	/* nothing remains to be done */
};

/*
 * Initialize the state of a queue that has just been bound. It has to be
 * zeroized, as the host may have used it.
 */
void vfio_ap_queue_state_init(struct queue_state *s);
/* Return whether the queue may enter or stay in the APCB of @owner's guest. */
bool vfio_ap_queue_state_available(const struct queue_state *s, const void *owner);
/*
 * Record that the queue enters the APCB of @owner's guest. It must be
 * available.
 */
void vfio_ap_queue_state_enter(struct queue_state *s, const void *owner);
/* Record that the queue has left its guest. The caller starts a reset. */
void vfio_ap_queue_state_leave(struct queue_state *s);
/*
 * Record a request for a reset, by the guest that has the queue, which is USED,
 * or as another attempt for a queue that could not be reset. The caller starts
 * the reset.
 */
void vfio_ap_queue_state_reset(struct queue_state *s);
/*
 * Return whether the queue cannot be given to anyone because it still contains
 * what a guest has left there.
 */
bool vfio_ap_queue_state_is_stuck(const struct queue_state *s);
/* Return whether the next instruction is ZAPQ, as opposed to TAPQ. */
bool vfio_ap_queue_state_wants_zapq(const struct queue_state *s);
/* Return the step to take if no instruction can be executed at present. */
enum queue_step vfio_ap_queue_state_pause(const struct queue_state *s);
/*
 * Process the answer to the instruction that vfio_ap_queue_state_wants_zapq()
 * chose, and return the next step.
 */
enum queue_step vfio_ap_queue_state_answered(struct queue_state *s,
					     const struct queue_answer *answer);
/*
 * Record that the time limit of a reset is over. If a retry began the reset, it
 * is still observed: whenever it ends, the quarantine ends, too.
 */
void vfio_ap_queue_state_give_up(struct queue_state *s);

#endif
