// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same with adapters of the VM's own, and without guests.
 *
 * qemu: -smp 2 -plugin $AP,card=5:CEX8A,domain=4+0x47,interrupts=on -monitor pipe:$RUN/monitor
 */
#include "reset.c"
