/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMs whose connection has ended while their process lives. They keep what
 * they have, for their process to attach again; its end is theirs. Guests end
 * with their LPAR.
 */
#ifndef DAEMON_ABSENT_H
#define DAEMON_ABSENT_H

#include <sys/queue.h>

#include "cex/cex.h"
#include "loop.h"
#include "process.h"

struct absent;

struct absents {
	struct loop *loop;
	LIST_HEAD(absent_list, absent) list;
	unsigned int count;
};

void absents_open(struct absents *absents, struct loop *loop);

/* Detach them all. */
void absents_close(struct absents *absents);

/* The process that holds an attached VM. */
void absent_set_process(struct cex_vm *vm, const struct process *process);
struct process absent_process(struct cex_vm *vm);

/*
 * Suspend @vm and wait for its process to come back; or detach it, when the
 * process has ended.
 */
void absents_add(struct absents *absents, struct cex_vm *vm);

/* The LPAR, or a guest by its number, if @process held it; or NULL. */
struct cex_vm *absents_take(struct absents *absents, uint64_t guest,
			    const struct process *process);

/* Whether the LPAR is among them. */
bool absents_have_lpar(const struct absents *absents);

#endif /* DAEMON_ABSENT_H */
