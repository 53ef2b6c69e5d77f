// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same rules of interruptions and the same storm, where the adapters are swcexd's: it counts
 * in memory that it shares, and rings a bell there.
 *
 * timeout: 120
 * swcexd: adapter 05 CEX8A
 * swcexd: domain 0004 0047
 * qemu: -smp 2 -plugin $AP,link=$RUN/swcexd.socket,interrupts=on
 */
/* Its answers take time: with more, code would hardly go on between two interruptions. */
#define DEPTH	2
#define ENOUGH	20
#include "interrupts.c"
