// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include "clock.h"

#define LONGEST_INTERVAL (HZ / 50)

static unsigned int reset_timeout_ms = 5000;
module_param(reset_timeout_ms, uint, 0644);
MODULE_PARM_DESC(reset_timeout_ms, "Milliseconds before a queue in reset is quarantined");

void vfio_ap_clock_start(struct reset_clock *clock)
{
	WRITE_ONCE(clock->begun, jiffies);
	clock->deadline = jiffies + msecs_to_jiffies(READ_ONCE(reset_timeout_ms));
}

bool vfio_ap_clock_is_late(const struct reset_clock *clock)
{
	return time_after(jiffies, clock->deadline);
}

/* What takes long is looked at less often: late by a sixteenth at most. */
unsigned long vfio_ap_clock_interval(const struct reset_clock *clock)
{
	unsigned long elapsed = jiffies - READ_ONCE(clock->begun);

	return clamp(elapsed / 16, 1UL, (unsigned long)LONGEST_INTERVAL);
}
