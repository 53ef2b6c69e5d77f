// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "absent.h"
#include "log.h"
#include "vm_name.h"

#define LPAR	0	/* in place of a guest's number */

/* @source: the process's pidfd, which is ready when the process has ended */
struct absent {
	struct source source;
	LIST_ENTRY(absent) link;
	struct absents *all;
	struct cex_vm *vm;
	struct process process;
	struct changes changes;
};

_Static_assert(sizeof(struct process) <= CEX_HOLDER,
	       "a VM's holder is a process");

void absents_open(struct absents *absents, struct loop *loop)
{
	absents->loop = loop;
	absents->count = 0;
	LIST_INIT(&absents->list);
}

static struct cex_vm *forget(struct absent *absent, struct changes *changes)
{
	struct cex_vm *vm = absent->vm;

	*changes = absent->changes;
	LIST_REMOVE(absent, link);
	absent->all->count--;
	close(absent->source.fd);
	free(absent);
	return vm;
}

void absents_close(struct absents *absents)
{
	struct absent *absent;
	struct changes changes;

	while ((absent = LIST_FIRST(&absents->list))) {
		cex_detach(forget(absent, &changes));
		changes_close(&changes);
	}
}

void absent_set_process(struct cex_vm *vm, const struct process *process)
{
	struct cex_holder holder = { 0 };

	memcpy(&holder, process, sizeof(*process));
	cex_set_holder(vm, &holder);
}

struct process absent_process(struct cex_vm *vm)
{
	struct cex_holder holder = cex_holder(vm);
	struct process process;

	memcpy(&process, &holder, sizeof(process));
	return process;
}

/*
 * When the LPAR ends, its guests end, too. All of them are absent, as it was.
 */
static void end(struct absents *absents, struct cex_vm *vm,
		struct changes *changes)
{
	bool lpar = cex_guest_number(vm) == LPAR;

	log_vm(LOG_INFO, "%s has ended",
	       vm_name(cex_vm_index(vm)).text);
	cex_detach(vm);
	changes_close(changes);
	if (lpar)
		absents_close(absents);
}

static void process_ended(struct source *source)
{
	struct absent *absent = container_of(source, struct absent, source);
	struct absents *all = absent->all;
	struct changes changes;
	struct cex_vm *vm = forget(absent, &changes);

	end(all, vm, &changes);
}

static bool wait_for(struct absents *absents, struct cex_vm *vm,
		     const struct changes *changes)
{
	struct absent *absent = calloc(1, sizeof(*absent));

	if (!absent)
		return false;
	absent->all = absents;
	absent->vm = vm;
	absent->process = absent_process(vm);
	absent->changes = *changes;
	absent->source = (struct source){ process_watch(&absent->process),
					  process_ended };
	if (absent->source.fd >= 0 &&
	    !loop_add(absents->loop, &absent->source, EPOLLIN)) {
		LIST_INSERT_HEAD(&absents->list, absent, link);
		absents->count++;
		return true;
	}
	if (absent->source.fd >= 0)
		close(absent->source.fd);
	free(absent);
	return false;
}

void absents_add(struct absents *absents, struct cex_vm *vm,
		 struct changes changes)
{
	if (cex_suspend(vm) || !wait_for(absents, vm, &changes))
		end(absents, vm, &changes);
}

struct cex_vm *absents_take(struct absents *absents, uint64_t guest,
			    const struct process *process,
			    struct changes *changes)
{
	struct absent *absent;

	LIST_FOREACH(absent, &absents->list, link)
		if (cex_guest_number(absent->vm) == guest &&
		    process_is_same(&absent->process, process))
			return forget(absent, changes);
	return NULL;
}

bool absents_have_lpar(const struct absents *absents)
{
	const struct absent *absent;

	LIST_FOREACH(absent, &absents->list, link)
		if (cex_guest_number(absent->vm) == LPAR)
			return true;
	return false;
}
