/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time limit for the reset of a queue, reset_timeout_ms, which is a module
 * parameter.
 */
#ifndef VFIO_AP_CLOCK_H
#define VFIO_AP_CLOCK_H

#include <linux/types.h>

/* All times are in jiffies. */
struct reset_clock {
	unsigned long since;		/* when the reset was requested */
	unsigned long begun;		/* when the present attempt began */
	unsigned long deadline;
	bool halved;			/* RESET_HALF_TIME was reported */
};

enum reset_time {
	RESET_IN_TIME,
	RESET_HALF_TIME,	/* half of the time is over; reported once */
	RESET_LATE,
};

/* Start the clock of a reset. */
void vfio_ap_clock_start(struct reset_clock *clock);
/* Start the time of another attempt. */
void vfio_ap_clock_retry(struct reset_clock *clock);
enum reset_time vfio_ap_clock_look(struct reset_clock *clock);
/* Return after how many jiffies to check the reset next. Needs no lock. */
unsigned long vfio_ap_clock_interval(const struct reset_clock *clock);
/*
 * Return after how many jiffies to retry a reset that has failed. Needs no
 * lock.
 */
unsigned long vfio_ap_clock_retry_interval(const struct reset_clock *clock);

#endif
