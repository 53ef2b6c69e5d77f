/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queues are reset and zeroized by the worker of each queue, all at the same
 * time.
 *
 * A reset that does not finish within its time limit, see clock.h, puts the
 * queue in quarantine. Unavailable queues are retried every second, quarantined
 * ones at growing intervals.
 */
#ifndef VFIO_AP_RESET_H
#define VFIO_AP_RESET_H

struct work_struct;

/*
 * Take the next step that the state of the queue requires. @work is the
 * queue's.
 */
void vfio_ap_reset_work(struct work_struct *work);

#endif
