/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a VM: which queues make them, and which are pending.
 *
 * AQIC names an indicator byte and an interruption subclass for a queue. The
 * machine counts what interruptions a queue owes (struct ap_changes in
 * abi/ap.h); while one is owed, the queue is pending. The intercepts of an
 * LPAR's guests are like another queue, AP_INTERCEPTS. An interruption is
 * floating: whichever vCPU takes it first takes it, for all pending queues of
 * its subclass at once, whose indicators are set. Any thread may call.
 *
 * When the machine begins to count anew, nobody knows what became of replies.
 * Every queue is pending then, for the operating system to look.
 */
#ifndef QEMU_AIRQ_H
#define QEMU_AIRQ_H

#include <glib.h>
#include <stdbool.h>

#include "abi/ap.h"

/* Bit of subclass @isc in a mask, as in bits 32 to 39 of control register 6 */
#define AIRQ_SUBCLASS(isc)	(0x80u >> (isc))

/*
 * @changes: NULL while the machine does not tell
 * @queues: those with interruptions on
 * @pending: mask of subclasses, which may be read without @lock
 */
struct airq {
	GMutex lock;
	const struct ap_changes *changes;
	uint64_t since;
	GArray *queues;
	gint pending;
};

/* The machine counts in @changes; no queue has interruptions on. */
void airq_init(struct airq *airq, const struct ap_changes *changes);

/* The count of @source, to be taken down before AQIC is executed. */
uint32_t airq_count(struct airq *airq, uint32_t source);

/*
 * AQIC has switched interruptions on, with @indicator as an absolute address.
 * What the machine has counted since the count was @count is pending at once.
 */
void airq_enable(struct airq *airq, uint32_t source, uint8_t isc,
		 uint64_t indicator, uint32_t count);

/* Whether it has, for @source. */
bool airq_is_on(struct airq *airq, uint32_t source);

/* They are off, and none is pending any more. */
void airq_disable(struct airq *airq, uint32_t source);

/* The same of every queue. */
void airq_disable_all(struct airq *airq);

/* Look at the counts. Returns the mask of pending subclasses. */
unsigned int airq_look(struct airq *airq);

unsigned int airq_pending(struct airq *airq);

/*
 * Take the interruption of the first pending subclass that the mask @allowed
 * has: @set is called for each indicator. False: there is none.
 */
bool airq_take(struct airq *airq, unsigned int allowed, uint8_t *isc,
	       void (*set)(void *context, uint64_t indicator), void *context);

#endif /* QEMU_AIRQ_H */
