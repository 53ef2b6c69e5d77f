// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same rules of interruptions and the same storm with swcexd's adapters:
 * swcexd counts in shared memory, and wakes waiters there.
 *
 * timeout: 120
 * swcexd: adapter 05 CEX8A
 * swcexd: domain 0004 0047
 * qemu: -smp 2 -plugin $AP,link=$RUN/swcexd.socket,interrupts=on
 */
/*
 * Answers of swcexd take time: with more requests, hardly any code would run
 * between two interruptions.
 */
#define DEPTH	2
#define ENOUGH	20
#include "interrupts.c"
