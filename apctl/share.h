/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's share of the machine's queues. It is changed by the masks of the
 * AP bus, or by overrides of single queues; the kernel allows only one of these
 * at a time.
 */
#ifndef APCTL_SHARE_H
#define APCTL_SHARE_H

#include "machine.h"

/* The queues that the host keeps */
struct share {
	bool by_override;
	struct ap_mask apmask;		/* unless by_override */
	struct ap_mask aqmask;
	bool reserved[APQNS];		/* by_override: for vfio_ap */
};

/* Read the present share. */
void share_read(const struct machine *machine, struct share *share);

/* Return whether the host keeps a queue. */
bool share_keeps(const struct share *share, unsigned int apqn);

/*
 * Print a line on @out for each queue that changes hands, and return the number
 * of these queues.
 */
unsigned int share_tell(const struct machine *machine, const struct share *from,
			const struct share *to, FILE *out);

/*
 * Check that no queue is taken from a device. Return 0, or -EBUSY after a
 * message on @err for each queue that is.
 */
int share_check(const struct machine *machine, const struct share *from,
		const struct share *to, FILE *err);

/*
 * Change the share from @from to @to. If the kernel refuses that, restore
 * @from, and report it on @err. Return 0 or -errno.
 */
int share_change(const struct machine *machine, const struct share *from,
		 const struct share *to, FILE *err);

/*
 * Wait up to ten seconds until all queues that changed hands have their driver.
 * Report on @err if some have not.
 */
void share_wait(const struct machine *machine, const struct share *from,
		const struct share *to, FILE *err);

#endif
