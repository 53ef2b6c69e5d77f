/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names by which swcexd tells VMs apart to people: lpar, guest1, guest2,
 * ... The number in a name is not the one by which the guest attaches, which is
 * a secret.
 */
#ifndef DAEMON_VM_NAME_H
#define DAEMON_VM_NAME_H

#include <stdint.h>

struct vm_name {
	char text[32];
};

/*
 * Return the name of @vm as cex_queue_info() reports it: 0 is the LPAR, and
 * guests are 1, 2, ...
 */
struct vm_name vm_name(uint64_t vm);

#endif /* DAEMON_VM_NAME_H */
