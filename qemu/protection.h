/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wrapping key of the VM's CPACF, which the machine knows as well.
 *
 * It stays the same as long as the operating system does, whatever becomes of
 * the machine: Linux encrypts by the parameter that it has computed even when
 * the wrapping key changed between PCC and KM, and loses data. It is asked for
 * when it is first needed, from any vCPU's thread.
 */
#ifndef QEMU_PROTECTION_H
#define QEMU_PROTECTION_H

#include "bytes/cursor.h"
#include "cpu.h"
#include "machine.h"

/*
 * Make a protected key of a clear one, or find the clear one; false: it is not one
 * of this VM, or the machine cannot be asked. @cpu's messages are overwritten.
 */
bool protection_protect(struct cpu *cpu, struct machine *machine,
			struct slice key, uint8_t *protected);
bool protection_unprotect(struct cpu *cpu, struct machine *machine,
			  struct slice protected, uint8_t *key);

/* The VM was reset. */
void protection_reset(void);

#endif /* QEMU_PROTECTION_H */
