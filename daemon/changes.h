/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory in which a VM watches for changes and finds its replies. The VM maps
 * it by a descriptor that is sealed: only this process can write to the memory,
 * and its size is fixed. A VM can keep it for as long as it likes, and it counts as
 * memory of this process: so a VM that attaches again gets the same.
 */
#ifndef DAEMON_CHANGES_H
#define DAEMON_CHANGES_H

#include <stdbool.h>

#include "abi/link.h"

/*
 * @memory: NULL if there is none
 * @given: the VM has received its descriptor
 */
struct changes {
	struct link_memory *memory;
	int fd;
	bool given;
};

/* Create and map the memory. Return 0, or -errno with no memory. */
int changes_open(struct changes *changes);

/*
 * Unmap the memory, if there is one. The caller ensures that the machine does
 * not write to it any more.
 */
void changes_close(struct changes *changes);

#endif /* DAEMON_CHANGES_H */
