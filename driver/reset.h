/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reset and zeroize queues, all at the same time: what the worker of a queue executes.
 *
 * A reset that does not finish in its time, see clock.h, puts the queue in quarantine.
 * Unavailable queues are tried again every second, quarantined ones less and less often.
 */
#ifndef VFIO_AP_RESET_H
#define VFIO_AP_RESET_H

struct work_struct;

/* Do what the state of the queue, to which @work belongs, asks for. */
void vfio_ap_reset_work(struct work_struct *work);

#endif
