/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory in which a VM watches for changes and finds its replies. The VM maps
 * it by a descriptor that is sealed: only this process can write to the memory,
 * and its size is fixed.
 */
#ifndef DAEMON_CHANGES_H
#define DAEMON_CHANGES_H

#include "abi/link.h"

/* @fd: -1 after changes_given() */
struct changes {
	int fd;
	struct link_memory *memory;
};

/* Create and map the memory. Return 0, or -errno with nothing to close. */
int changes_open(struct changes *changes);

/* Close the descriptor of this process after the VM has received its own. */
void changes_given(struct changes *changes);

/* Unmap the memory. The caller ensures that the machine does not
 * write to it any more. */
void changes_close(struct changes *changes);

#endif /* DAEMON_CHANGES_H */
