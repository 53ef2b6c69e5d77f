// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same rules and the same storm where QEMU interrupts the vCPUs. An indicator
 * is set when its interruption becomes pending, so a handler may find that the
 * one before it has cleared it.
 *
 * timeout: 120
 * qemu: -smp 2 -plugin $AP,card=5:CEX8A,domain=4+0x47,interrupts=qemu
 */
#define INDICATED_BEFORE
#include "interrupts.c"
