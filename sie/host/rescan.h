/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the AP bus of a guest scan for its queues. A process waits for the
 * guest's agent, one at a time; all requests meanwhile lead to one more rescan.
 */
#ifndef HOST_RESCAN_H
#define HOST_RESCAN_H

#include <stdbool.h>
#include <sys/types.h>

/* @pidfd becomes readable when the process ends; -1 if there is none. */
struct rescan {
	const char *run, *name;
	pid_t pid;
	int pidfd;
	bool again, failed;
};

void rescan_init(struct rescan *rescan, const char *run, const char *name);

/* Request a rescan, without waiting for it. */
void rescan_request(struct rescan *rescan);

/* Handle that the process has ended, or is about to. */
void rescan_take_end(struct rescan *rescan);

/* End the process, if there is one. */
void rescan_stop(struct rescan *rescan);

#endif /* HOST_RESCAN_H */
