/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What VMs are told without asking: the counts of struct ap_changes, the
 * interruptions in it, and their shelves. A VM without such memory is told
 * nothing. A shelf changes before the count does, so that a VM which sees the
 * count sees the shelf.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_CHANGES_H
#define CEX_CHANGES_H

#include "vm.h"

/*
 * Show @queue as it is to the VM that uses it, and to no other one. The caller
 * has changed the queue, and does so before VMs can see anything that follows
 * from the change.
 */
void changes_show(struct cex_machine *machine, struct queue *queue);

/*
 * Do what changes_show() does, and count for every VM that reaches @queue that a
 * DQAP may get another answer.
 */
void changes_count(struct cex_machine *machine, struct queue *queue);

/*
 * Withdraw all that @vm is shown, and count that any queue which it reaches or
 * has reached may have changed. @vm may be NULL.
 */
void changes_count_all(struct cex_vm *vm);

/*
 * Call changes_count_all() for the LPAR and for every other guest that reaches a
 * queue which @vm has reached: what @vm did to all of its queues concerns them.
 */
void changes_count_sharers(struct cex_vm *vm);

/*
 * Count an interruption of @vm by @source, which is an APQN or AP_INTERCEPTS,
 * and ring the bell of @vm.
 */
void changes_interrupt(struct cex_vm *vm, uint32_t source);

/*
 * Interrupt the VM that @queue is set to interrupt, if any, because a reply has
 * become ready.
 */
void changes_reply_ready(struct cex_machine *machine, const struct queue *queue);

#endif /* CEX_CHANGES_H */
