// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same with adapters of the VM's own, without guests, and where QEMU
 * interrupts the vCPUs and tells of resets.
 *
 * qemu: -smp 2 -plugin $AP,card=5:CEX8A,domain=4+0x47,interrupts=qemu -monitor pipe:$RUN/monitor
 */
#include "reset.c"
