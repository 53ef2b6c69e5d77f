// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include "clock.h"

#define LONGEST_INTERVAL (HZ / 50)
#define LONGEST_RETRY_INTERVAL (10 * HZ)

static unsigned int reset_timeout_ms = 5000;
module_param(reset_timeout_ms, uint, 0644);
MODULE_PARM_DESC(reset_timeout_ms, "Milliseconds before a queue in reset is quarantined");

void vfio_ap_clock_start(struct reset_clock *clock)
{
	WRITE_ONCE(clock->since, jiffies);
	vfio_ap_clock_retry(clock);
}

void vfio_ap_clock_retry(struct reset_clock *clock)
{
	WRITE_ONCE(clock->begun, jiffies);
	clock->deadline = jiffies + msecs_to_jiffies(READ_ONCE(reset_timeout_ms));
	clock->halved = false;
}

enum reset_time vfio_ap_clock_look(struct reset_clock *clock)
{
	unsigned long half = (clock->deadline - clock->begun) / 2;

	if (time_after(jiffies, clock->deadline))
		return RESET_LATE;
	if (clock->halved || time_before(jiffies, clock->begun + half))
		return RESET_IN_TIME;
	clock->halved = true;
	return RESET_HALF_TIME;
}

/*
 * A reset is checked less often the longer it takes, so that its end is noticed
 * late by a sixteenth of the time at most.
 */
unsigned long vfio_ap_clock_interval(const struct reset_clock *clock)
{
	unsigned long elapsed = jiffies - READ_ONCE(clock->begun);

	return clamp(elapsed / 16, 1UL, (unsigned long)LONGEST_INTERVAL);
}

/*
 * The interval grows from one second to ten, so that the queue's return is
 * noticed late by an eighth of the time at most.
 */
unsigned long vfio_ap_clock_retry_interval(const struct reset_clock *clock)
{
	unsigned long elapsed = jiffies - READ_ONCE(clock->since);

	return clamp(elapsed / 8, (unsigned long)HZ, (unsigned long)LONGEST_RETRY_INTERVAL);
}
