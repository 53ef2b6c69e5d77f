/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How VMs come and go: attached, suspended, reset and detached (cex.h).
 */
#ifndef CEX_LIFECYCLE_H
#define CEX_LIFECYCLE_H

#include "vm.h"

/*
 * The operating system of @vm is gone: its queues begin to be zeroized and
 * interrupt nobody, its intercept is over. An LPAR's guests are destroyed, and
 * their AQIC does not wait for it any more. The caller holds the machine's lock.
 */
void lifecycle_reset(struct cex_vm *vm);

#endif /* CEX_LIFECYCLE_H */
