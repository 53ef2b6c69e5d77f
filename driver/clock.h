/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time that the reset of a queue has: reset_timeout_ms, a module parameter.
 */
#ifndef VFIO_AP_CLOCK_H
#define VFIO_AP_CLOCK_H

#include <linux/types.h>

/* In jiffies. */
struct reset_clock {
	unsigned long since;		/* it is wanted */
	unsigned long begun;		/* it is tried */
	unsigned long deadline;
	bool halved;			/* RESET_HALF_TIME was told */
};

enum reset_time {
	RESET_IN_TIME,
	RESET_HALF_TIME,	/* half of the time is over; told once */
	RESET_LATE,
};

/* A reset begins. */
void vfio_ap_clock_start(struct reset_clock *clock);
/* One more try of it begins. */
void vfio_ap_clock_retry(struct reset_clock *clock);
enum reset_time vfio_ap_clock_look(struct reset_clock *clock);
/* When to look at it next, in jiffies. Needs no lock. */
unsigned long vfio_ap_clock_interval(const struct reset_clock *clock);
/* When to try next what has failed, in jiffies. Needs no lock. */
unsigned long vfio_ap_clock_retry_interval(const struct reset_clock *clock);

#endif
