/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How swcexd names VMs to people: lpar, guest1, guest2, ... A guest's number in a
 * name is not the one by which it attaches, which is a secret.
 */
#ifndef DAEMON_VM_NAME_H
#define DAEMON_VM_NAME_H

#include <stdint.h>

struct vm_name {
	char text[32];
};

/* @vm: 0, the LPAR, or 1, 2, ..., as cex_queue_info() tells it. */
struct vm_name vm_name(uint64_t vm);

#endif /* DAEMON_VM_NAME_H */
