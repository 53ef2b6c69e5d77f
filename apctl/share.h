/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's share of the machine's queues, and how it is changed: by the masks
 * of the AP bus or by overrides of single queues, of which the kernel allows
 * one at a time.
 */
#ifndef APCTL_SHARE_H
#define APCTL_SHARE_H

#include "machine.h"

/* What the host is to keep. */
struct share {
	bool by_override;
	struct ap_mask apmask;		/* unless by_override */
	struct ap_mask aqmask;
	bool reserved[APQNS];		/* by_override: for vfio_ap */
};

/* As it is. */
void share_read(const struct machine *machine, struct share *share);

/* Whether the host keeps a queue. */
bool share_keeps(const struct share *share, unsigned int apqn);

/*
 * Tells on @out what happens to each queue that changes hands, a line for each,
 * and returns how many they are.
 */
unsigned int share_tell(const struct machine *machine, const struct share *from,
			const struct share *to, FILE *out);

/*
 * Whether no queue is pulled from a device; each that is gets a sentence on
 * @err.
 */
bool share_harmless(const struct machine *machine, const struct share *from,
		    const struct share *to, FILE *err);

/*
 * Makes @to of @from. When the kernel refuses, all is as before, and a sentence
 * is on @err. Returns 0 or -errno.
 */
int share_change(const struct machine *machine, const struct share *from,
		 const struct share *to, FILE *err);

/*
 * Waits until every queue that changed hands has its driver, ten seconds at
 * most, and sends a sentence to @err for those that have not.
 */
void share_settle(const struct machine *machine, const struct share *from,
		  const struct share *to, FILE *err);

#endif
