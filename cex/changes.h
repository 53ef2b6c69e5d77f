/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What VMs are told without asking: the counts of struct ap_changes, and the
 * interruptions in it. Nothing is told to a VM that has no such memory.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_CHANGES_H
#define CEX_CHANGES_H

#include "vm.h"

/* @queue answers a DQAP otherwise than before, to whoever reaches it. */
void changes_count(struct cex_machine *machine, const struct queue *queue);

/* So may any queue that @vm, which may be NULL, reaches or has reached. */
void changes_count_all(struct cex_vm *vm);

/* Count an interruption of @vm by @source, a queue or AP_INTERCEPTS, and ring. */
void changes_interrupt(struct cex_vm *vm, uint32_t source);

/* A reply in @queue has become ready: interrupt whom it is set to, if anybody. */
void changes_reply_ready(struct cex_machine *machine, const struct queue *queue);

#endif /* CEX_CHANGES_H */
