/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vCPU that is marked looks, at the beginning of the next block of translated
 * code that it executes, whether there is something to be done. An unmarked one
 * pays for one comparison per block.
 *
 * Nowhere else does QEMU keep what is needed: between two blocks the condition
 * code is in storage, the last instruction is complete, and a program check of
 * swcex.so has been delivered.
 */
#ifndef QEMU_MARK_H
#define QEMU_MARK_H

#include "qemu-plugin-api.h"

/*
 * @look is called by a vCPU that is marked, and is not any more, with the address
 * of the block. It may write registers, the PSW among them.
 */
void mark_open(qemu_plugin_vcpu_udata_cb_t look);

/* The block is one at whose beginning vCPUs look. */
void mark_watch(struct qemu_plugin_tb *tb);

/* Any thread may mark any vCPU that has started, or all of them. */
void mark_vcpu(unsigned int vcpu);
void mark_vcpus(void);

#endif /* QEMU_MARK_H */
