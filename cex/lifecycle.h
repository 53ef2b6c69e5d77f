/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How VMs are attached, suspended, reset and detached (cex.h).
 */
#ifndef CEX_LIFECYCLE_H
#define CEX_LIFECYCLE_H

#include "vm.h"

/*
 * Reset @vm, whose operating system is gone. Its queues begin to be zeroized
 * and interrupt no VM, and an AQIC of it that waits is dropped. If it is the
 * LPAR, its guests are destroyed, and AQICs of guests do not wait for it any
 * more. The caller holds the machine's lock.
 */
void lifecycle_reset(struct cex_vm *vm);

#endif /* CEX_LIFECYCLE_H */
