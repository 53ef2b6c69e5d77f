/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reason for which a guest's vCPU would leave SIE: the guest's AQIC. The
 * machine indicates a waiting one by an adapter interruption, as for KVM's GIB
 * alert.
 */
#ifndef SIE_INTERCEPT_H
#define SIE_INTERCEPT_H

#include "vm.h"

/*
 * Listen to the machine. If the machine has no adapter interruptions, this
 * succeeds because no guest of it has any. Return 0 or a negative errno.
 */
int sie_intercept_init(void);
void sie_intercept_exit(void);

/*
 * Handle intercepts of @vm until there is a signal. Return -EINTR for a signal,
 * or another negative errno if the machine cannot continue.
 */
int sie_intercept_run(struct sie_vm *vm);

#endif /* SIE_INTERCEPT_H */
