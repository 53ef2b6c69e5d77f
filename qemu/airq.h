/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adapter interruptions of a VM: which queues make them, and which are pending.
 *
 * AQIC names an indicator byte and an interruption subclass for a queue. The
 * machine counts the interruptions that a queue owes (struct ap_changes in
 * abi/ap.h); while it owes one, the queue is pending. The intercepts of an
 * LPAR's guests are like another queue, AP_INTERCEPTS. An interruption is
 * floating: the first vCPU that takes it does so for all pending queues of its
 * subclass at once, whose indicators are set. Any thread may call these
 * functions.
 *
 * When the machine begins to count anew, it is unknown what happened to
 * replies. Every queue is pending then, so that the operating system examines
 * it.
 */
#ifndef QEMU_AIRQ_H
#define QEMU_AIRQ_H

#include <glib.h>
#include <stdbool.h>

#include "abi/ap.h"

/* Bit of subclass @isc in a mask, as in bits 32 to 39 of control register 6 */
#define AIRQ_SUBCLASS(isc)	(0x80u >> (isc))

/*
 * @changes: the machine's counts; NULL while it provides none
 * @queues: those with interruptions enabled
 * @pending: mask of subclasses, which may be read without @lock
 */
struct airq {
	GMutex lock;
	const struct ap_changes *changes;
	uint64_t since;
	GArray *queues;
	gint pending;
};

/*
 * Initialize @airq for a machine that counts in @changes, with interruptions of
 * all queues disabled.
 */
void airq_init(struct airq *airq, const struct ap_changes *changes);

/* Return the count of @source. Call it before AQIC is executed. */
uint32_t airq_count(struct airq *airq, uint32_t source);

/*
 * Note that AQIC has enabled interruptions of @source, with @indicator as an
 * absolute address. What the machine has counted since the count was @count is
 * pending at once.
 */
void airq_enable(struct airq *airq, uint32_t source, uint8_t isc,
		 uint64_t indicator, uint32_t count);

/* Return whether interruptions of @source are enabled. */
bool airq_is_on(struct airq *airq, uint32_t source);

/* Disable interruptions of @source; none of them is pending any longer. */
void airq_disable(struct airq *airq, uint32_t source);

/* Disable interruptions of all queues. */
void airq_disable_all(struct airq *airq);

/*
 * Update what is pending from the machine's counts, and return the mask of
 * pending subclasses.
 */
unsigned int airq_look(struct airq *airq);

unsigned int airq_pending(struct airq *airq);

/*
 * Take the interruption of the first pending subclass that is in the mask
 * @allowed. airq_take() stores the subclass to *@isc and calls @set for each
 * indicator. It returns false if there is no such interruption.
 */
bool airq_take(struct airq *airq, unsigned int allowed, uint8_t *isc,
	       void (*set)(void *context, uint64_t indicator), void *context);

#endif /* QEMU_AIRQ_H */
