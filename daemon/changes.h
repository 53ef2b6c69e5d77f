/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory in which a VM watches what changes for it. The VM maps it from
 * the file descriptor, which is sealed: nobody but this process writes to it,
 * and its size stays.
 */
#ifndef DAEMON_CHANGES_H
#define DAEMON_CHANGES_H

#include "abi/ap.h"

/* @fd: -1 when it was given away */
struct changes {
	int fd;
	struct ap_changes *counts;
};

/* Returns 0, or -errno; then there is nothing to close. */
int changes_open(struct changes *changes);

/* The VM has its descriptor; there is no need for one here. */
void changes_given(struct changes *changes);

/* Nobody counts in them any more. */
void changes_close(struct changes *changes);

#endif /* DAEMON_CHANGES_H */
