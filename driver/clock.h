/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time that the reset of a queue has: reset_timeout_ms, a module parameter.
 */
#ifndef VFIO_AP_CLOCK_H
#define VFIO_AP_CLOCK_H

#include <linux/types.h>

/* In jiffies. */
struct reset_clock {
	unsigned long begun;
	unsigned long deadline;
};

/* A reset, or one more try of it, begins. */
void vfio_ap_clock_start(struct reset_clock *clock);
/* Whether its time is over. */
bool vfio_ap_clock_is_late(const struct reset_clock *clock);
/* When to look at it next, in jiffies. Needs no lock. */
unsigned long vfio_ap_clock_interval(const struct reset_clock *clock);

#endif
