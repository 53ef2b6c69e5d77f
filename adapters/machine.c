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

struct cex_machine *cex_machine_new(unsigned int workers)
{
	struct cex_machine *machine = calloc(1, sizeof(*machine));

	if (!machine)
		return NULL;
	pthread_mutex_init(&machine->lock, NULL);
	LIST_INIT(&machine->guests);
	machine->last_id = VM_LPAR;
	machine->pool = pool_new(machine, workers);
	if (!machine->pool) {
		cex_machine_free(machine);
		return NULL;
	}
	return machine;
}

static void adapter_free(struct adapter *adapter)
{
	if (!adapter)
		return;
	for (unsigned int domain = 0; domain < AP_DOMAINS; domain++)
		queue_free(adapter->queue[domain]);
	free(adapter);
}

void cex_machine_free(struct cex_machine *machine)
{
	struct cex_vm *vm;

	if (!machine)
		return;
	pool_free(machine->pool);
	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		adapter_free(machine->adapter[i]);
	while ((vm = LIST_FIRST(&machine->guests))) {
		LIST_REMOVE(vm, link);
		free(vm);
	}
	free(machine->lpar);
	OPENSSL_clear_free(machine->attic.records, machine->attic.length);
	pthread_mutex_destroy(&machine->lock);
	free(machine);
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

static int add_queue(struct cex_machine *machine, unsigned int adapter,
		     unsigned int domain)
{
	struct queue **slot = &machine->adapter[adapter]->queue[domain];

	*slot = queue_new(machine->adapter[adapter], AP_APQN(adapter, domain));
	return *slot ? 0 : -ENOMEM;
}

int cex_add_adapter(struct cex_machine *machine, unsigned int adapter,
		    const char *type)
{
	int error = 0;

	if (machine->in_use)
		return -EBUSY;
	if (adapter >= AP_ADAPTERS)
		return -EINVAL;
	if (machine->adapter[adapter])
		return -EEXIST;
	machine->adapter[adapter] = adapter_new(type);
	if (!machine->adapter[adapter])
		return -errno;
	ap_mask_set(&machine->profile.apm, adapter);
	machine->adapter[adapter]->revision = &machine->revision;
	machine->adapter[adapter]->observer = &machine->observer;
	for (unsigned int i = 0; i < AP_DOMAINS && !error; i++)
		if (ap_mask_test(&machine->domains, i))
			error = add_queue(machine, adapter, i);
	return error;
}

void cex_set_polled(struct cex_machine *machine)
{
	machine->polled = true;
}

int cex_add_domain(struct cex_machine *machine, unsigned int domain)
{
	int error = 0;

	if (machine->in_use)
		return -EBUSY;
	if (domain >= AP_DOMAINS)
		return -EINVAL;
	if (ap_mask_test(&machine->domains, domain))
		return -EEXIST;
	ap_mask_set(&machine->domains, domain);
	ap_mask_set(&machine->profile.aqm, domain);
	ap_mask_set(&machine->profile.adm, domain);
	for (unsigned int i = 0; i < AP_ADAPTERS && !error; i++)
		if (machine->adapter[i])
			error = add_queue(machine, i, domain);
	return error;
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
