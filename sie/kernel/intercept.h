/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest's vCPU would leave SIE for: the guest's AQIC. The machine says that
 * one waits by an adapter interruption, as for KVM's GIB alert.
 */
#ifndef SIE_INTERCEPT_H
#define SIE_INTERCEPT_H

#include "vm.h"

/*
 * Listen to the machine from now on. A machine that has no adapter interruptions
 * is well: then no guest of it has any. Returns 0 or a negative errno.
 */
int sie_intercept_init(void);
void sie_intercept_exit(void);

/*
 * Handle intercepts of @vm until a signal comes: -EINTR, or another negative errno
 * when the machine does not go on with it.
 */
int sie_intercept_run(struct sie_vm *vm);

#endif /* SIE_INTERCEPT_H */
