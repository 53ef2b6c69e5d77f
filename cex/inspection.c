// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an observer sees of a queue.
 */
#include <errno.h>

#include "apcb.h"
#include "vm.h"

static enum cex_state state_of(struct cex_machine *machine, struct queue *queue)
{
	if (!apcb_allows(&machine->profile, queue->apqn))
		return CEX_REMOVED;
	switch (queue_update(queue, machine_now())) {
	case AP_RC_RESET_IN_PROGRESS:
		return CEX_RESET_IN_PROGRESS;
	case AP_RC_DECONFIGURED:
		return CEX_DECONFIGURED;
	case AP_RC_CHECKSTOPPED:
		return CEX_CHECKSTOPPED;
	case AP_RC_BUSY:
		return CEX_BUSY;
	default:
		return CEX_OPERATING;
	}
}

static uint64_t owner_of(struct cex_machine *machine, uint16_t apqn)
{
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (vm_reaches(guest, apqn))
			return guest->client.id;
	return VM_LPAR;
}

int cex_queue_info(struct cex_machine *machine, uint16_t apqn,
		   struct cex_queue_info *info)
{
	struct queue *queue = machine_queue(machine, apqn);

	if (!queue)
		return -ENODEV;
	machine_lock(machine);
	*info = (struct cex_queue_info){
		.type = queue->adapter->type,
		.state = state_of(machine, queue),
		.owner = vm_index(owner_of(machine, apqn)),
		.clean = !queue->user,
		.user = queue->user ? vm_index(queue->user) : 0,
		.pending = queue->count,
		.served = queue->served,
		.latency = queue->latency,
		.dirty_handovers = queue->handovers,
		.reset_ms = queue->reset_time == QUEUE_RESET_NEVER ?
			    UINT64_MAX : queue->reset_time / 1000000,
		.faults = queue->faults,
	};
	machine_unlock(machine);
	return 0;
}
