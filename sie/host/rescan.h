/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Has the AP bus of a guest look for its queues again. A process waits for the
 * guest's agent, one at a time: what is asked for meanwhile is one rescan more.
 */
#ifndef HOST_RESCAN_H
#define HOST_RESCAN_H

#include <stdbool.h>
#include <sys/types.h>

/* @pidfd becomes readable when the process ends, -1: there is none. */
struct rescan {
	const char *run, *name;
	pid_t pid;
	int pidfd;
	bool again, failed;
};

void rescan_init(struct rescan *rescan, const char *run, const char *name);

/* Ask for a rescan, without waiting for it. */
void rescan_request(struct rescan *rescan);

/* The process has ended, or is about to. */
void rescan_take_end(struct rescan *rescan);

/* End the process, if there is one. */
void rescan_stop(struct rescan *rescan);

#endif /* HOST_RESCAN_H */
