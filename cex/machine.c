// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <time.h>

#include "bell.h"
#include "machine.h"

uint64_t machine_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

void machine_lock(struct cex_machine *machine)
{
	pthread_mutex_lock(&machine->lock);
}

/* Waking touches no memory of the VM, whose bell may be gone by then. */
void machine_unlock(struct cex_machine *machine)
{
	_Atomic uint32_t *rung = machine->rung;
	unsigned int offers = machine->offers;

	machine->rung = NULL;
	machine->offers = 0;
	pthread_mutex_unlock(&machine->lock);
	while (offers--)
		pthread_cond_signal(&machine->offered);
	if (rung)
		bell_wake(rung);
}

void machine_offer(struct cex_machine *machine)
{
	machine->offers++;
}

void machine_ring(struct cex_machine *machine, _Atomic uint32_t *bell)
{
	if (machine->rung && machine->rung != bell)
		bell_wake(machine->rung);
	machine->rung = bell;
	bell_ring(bell);
}

struct queue *machine_queue(struct cex_machine *machine, uint16_t apqn)
{
	struct adapter *adapter = machine->adapter[AP_ADAPTER(apqn)];

	return adapter ? adapter->queue[AP_DOMAIN(apqn)] : NULL;
}

static void visit_domains(struct adapter *adapter, const struct ap_mask *domains,
			  void (*visit)(struct queue *queue, void *context),
			  void *context)
{
	for (unsigned int domain = 0; domain < AP_DOMAINS; domain++)
		if (ap_mask_test(domains, domain) && adapter->queue[domain])
			visit(adapter->queue[domain], context);
}

void machine_each_queue_of(struct cex_machine *machine,
			   const struct ap_apcb *apcb,
			   void (*visit)(struct queue *queue, void *context),
			   void *context)
{
	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (ap_mask_test(&apcb->apm, i) && machine->adapter[i])
			visit_domains(machine->adapter[i], &apcb->aqm, visit,
				      context);
}

/*
 * Most queues of a large machine hold nothing. To visit one takes a cache miss,
 * and all VMs wait meanwhile.
 */
void machine_each_held_queue_of(struct cex_machine *machine,
				const struct ap_apcb *apcb,
				void (*visit)(struct queue *queue, void *context),
				void *context)
{
	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		struct ap_mask held = apcb->aqm;

		if (!ap_mask_test(&apcb->apm, i) || !machine->adapter[i])
			continue;
		ap_mask_and(&held, &machine->adapter[i]->held);
		if (memcmp(&held, &(struct ap_mask){ 0 }, sizeof(held)))
			visit_domains(machine->adapter[i], &held, visit, context);
	}
}

void cex_observe(struct cex_machine *machine, cex_tell_fn *tell, void *context)
{
	machine_lock(machine);
	machine->observer = (struct cex_observer){ tell, context };
	machine_unlock(machine);
}

uint64_t cex_dirty_handovers(struct cex_machine *machine)
{
	uint64_t handovers = 0;

	machine_lock(machine);
	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (machine->adapter[i])
			handovers += machine->adapter[i]->handovers;
	machine_unlock(machine);
	return handovers;
}

void cex_set_saved(struct cex_machine *machine, uint64_t revision)
{
	machine_lock(machine);
	machine->saved = revision;
	machine_unlock(machine);
}

uint64_t cex_revision(struct cex_machine *machine)
{
	uint64_t revision;

	machine_lock(machine);
	revision = machine->revision;
	machine_unlock(machine);
	return revision;
}
