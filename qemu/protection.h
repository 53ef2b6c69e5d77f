/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wrapping key of the VM's CPACF, which the machine knows as well.
 *
 * It stays the same for as long as the operating system runs, even if the
 * machine is restarted or lost. Otherwise Linux would lose data, because it
 * encrypts by the parameter that it has computed even if the wrapping key
 * changed between PCC and KM. The key is requested when it is first needed,
 * from any vCPU's thread.
 */
#ifndef QEMU_PROTECTION_H
#define QEMU_PROTECTION_H

#include "bytes/cursor.h"
#include "cpu.h"
#include "machine.h"

/*
 * Make a protected key from a clear one, or recover the clear one. Return false
 * if it is not a protected key of this VM, or if the machine cannot be asked.
 * The messages of @cpu are overwritten.
 */
bool protection_protect(struct cpu *cpu, struct machine *machine,
			struct slice key, uint8_t *protected);
bool protection_unprotect(struct cpu *cpu, struct machine *machine,
			  struct slice protected, uint8_t *key);

/* Forget the wrapping key, because the VM was reset. */
void protection_reset(void);

#endif /* QEMU_PROTECTION_H */
