/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The floating interruption controller of QEMU, by which it interrupts vCPUs
 * itself, also those that sleep. It is not part of the plugin interface, but
 * most builds of QEMU export it, as all do that have modules.
 *
 * One thread, which is no vCPU's, calls flic_enter() first and may then call all
 * functions; flic_run() is for vCPUs' callbacks.
 */
#ifndef QEMU_FLIC_H
#define QEMU_FLIC_H

#include <stdbool.h>
#include <stdint.h>

/* Return whether this QEMU exports what the other functions call. */
bool flic_is_there(void);

void flic_enter(void);

/* Take and release QEMU's big lock: no vCPU is interrupted meanwhile. */
void flic_lock(void);
void flic_unlock(void);

/*
 * Return whether an I/O interruption of subclass @isc is pending, whoever has
 * caused it. The caller holds the lock.
 */
bool flic_is_pending(uint8_t isc);

/* Make an adapter interruption pending. The caller holds the lock. */
void flic_interrupt(uint8_t isc);

/*
 * Take away all I/O interruptions that are pending. The caller holds the lock.
 */
void flic_clear(void);

/* Store a byte at the absolute @address, if there is such storage. */
void flic_store(uint64_t address, uint8_t byte);

/*
 * Have @function called for vCPU @vcpu before it executes another block, while
 * all others are stopped.
 */
void flic_run(unsigned int vcpu, void (*function)(unsigned int vcpu));

#endif /* QEMU_FLIC_H */
