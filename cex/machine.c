// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <time.h>

#include "machine.h"

uint64_t machine_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

struct queue *machine_queue(struct cex_machine *machine, uint16_t apqn)
{
	struct adapter *adapter = machine->adapter[AP_ADAPTER(apqn)];

	return adapter ? adapter->queue[AP_DOMAIN(apqn)] : NULL;
}

void adapter_each_queue(struct adapter *adapter,
			void (*visit)(struct queue *queue, void *context),
			void *context)
{
	for (unsigned int domain = 0; domain < AP_DOMAINS; domain++)
		if (adapter->queue[domain])
			visit(adapter->queue[domain], context);
}

void machine_each_queue(struct cex_machine *machine,
			void (*visit)(struct queue *queue, void *context),
			void *context)
{
	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (machine->adapter[i])
			adapter_each_queue(machine->adapter[i], visit, context);
}

void cex_observe(struct cex_machine *machine, cex_tell_fn *tell, void *context)
{
	pthread_mutex_lock(&machine->lock);
	machine->observer = (struct cex_observer){ tell, context };
	pthread_mutex_unlock(&machine->lock);
}

uint64_t cex_dirty_handovers(struct cex_machine *machine)
{
	uint64_t handovers = 0;

	pthread_mutex_lock(&machine->lock);
	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (machine->adapter[i])
			handovers += machine->adapter[i]->handovers;
	pthread_mutex_unlock(&machine->lock);
	return handovers;
}

int cex_set_reset_time(struct cex_machine *machine, uint16_t apqn,
		       uint64_t milliseconds)
{
	struct queue *queue = machine_queue(machine, apqn);
	uint64_t longest = QUEUE_RESET_NEVER / 1000000;

	if (!queue)
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
	queue->reset_time = milliseconds < longest ? milliseconds * 1000000 :
						     QUEUE_RESET_NEVER;
	pthread_mutex_unlock(&machine->lock);
	return 0;
}

int cex_set_fault(struct cex_machine *machine, uint16_t apqn, enum fault fault,
		  uint64_t count)
{
	struct queue *queue = machine_queue(machine, apqn);

	if (!queue)
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
	queue->faults.left[fault] = count;
	machine_count_change(machine, queue);
	pthread_mutex_unlock(&machine->lock);
	return 0;
}

static enum cex_state state_of(struct cex_machine *machine, struct queue *queue)
{
	if (!apcb_allows(&machine->profile, queue->apqn))
		return CEX_REMOVED;
	switch (queue_state(queue, machine_now())) {
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
			return guest->id;
	return VM_LPAR;
}

int cex_queue_info(struct cex_machine *machine, uint16_t apqn,
		   struct cex_queue_info *info)
{
	struct queue *queue = machine_queue(machine, apqn);

	if (!queue)
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
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
	pthread_mutex_unlock(&machine->lock);
	return 0;
}
