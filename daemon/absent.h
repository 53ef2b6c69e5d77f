/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An absent VM is one whose connection has ended while its process lives. It
 * keeps its queues and their contents until its process attaches again, or
 * ends. When an absent LPAR ends, its guests end with it.
 */
#ifndef DAEMON_ABSENT_H
#define DAEMON_ABSENT_H

#include <sys/queue.h>

#include "cex/cex.h"
#include "changes.h"
#include "loop.h"
#include "process.h"

struct absent;

struct absents {
	struct loop *loop;
	LIST_HEAD(absent_list, absent) list;
	unsigned int count;
};

void absents_open(struct absents *absents, struct loop *loop);

/* Detach all absent VMs. */
void absents_close(struct absents *absents);

/*
 * absent_set_process() records @process as the holder of the attached VM @vm,
 * and absent_process() returns it.
 */
void absent_set_process(struct cex_vm *vm, const struct process *process);
struct process absent_process(struct cex_vm *vm);

/*
 * Suspend @vm until its process attaches again; when that process has ended, or
 * cannot be watched, detach @vm. Its memory, @changes, is no longer the caller's.
 */
void absents_add(struct absents *absents, struct cex_vm *vm,
		 struct changes changes);

/*
 * Return the absent VM that @process held, which is not absent any more: the
 * guest with the number @guest, or the LPAR if that is 0. Its memory is the
 * caller's then, as *@changes. Return NULL if there is none.
 */
struct cex_vm *absents_take(struct absents *absents, uint64_t guest,
			    const struct process *process,
			    struct changes *changes);

/* Return whether the LPAR is absent. */
bool absents_have_lpar(const struct absents *absents);

#endif /* DAEMON_ABSENT_H */
