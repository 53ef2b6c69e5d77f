/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A marked vCPU checks for work at the beginning of the next block of
 * translated code that it executes. An unmarked one executes one comparison per
 * block.
 *
 * QEMU has the necessary state nowhere else: between two blocks the condition
 * code is in storage, the last instruction is complete, and a program check of
 * swcex.so has been delivered.
 */
#ifndef QEMU_MARK_H
#define QEMU_MARK_H

#include "qemu-plugin-api.h"

/*
 * Have a marked vCPU call @look, with the address of the block, after its mark
 * was removed. @look may write registers, including the PSW.
 */
void mark_open(qemu_plugin_vcpu_udata_cb_t look);

/* Make vCPUs check their marks at the beginning of the block. */
void mark_watch(struct qemu_plugin_tb *tb);

/*
 * mark_watch_opener() makes @insn, after which interruptions may be open that
 * were closed before, mark its vCPU if that has called mark_defer(). A vCPU
 * calls mark_defer() when it has to look again, but not before then.
 */
void mark_watch_opener(struct qemu_plugin_insn *insn);
void mark_defer(unsigned int vcpu);

/* Mark one vCPU that has started, or all of them. Any thread may do this. */
void mark_vcpu(unsigned int vcpu);
void mark_vcpus(void);

#endif /* QEMU_MARK_H */
