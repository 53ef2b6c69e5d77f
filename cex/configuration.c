// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "apcb.h"
#include "changes.h"
#include "configuration.h"

static void stop(struct queue *queue, void *unused)
{
	(void)unused;
	queue_stop(queue);
}

static struct adapter *adapter_at(struct cex_machine *machine, uint64_t adapter)
{
	return adapter < AP_ADAPTERS ? machine->adapter[adapter] : NULL;
}

/* Return an APCB that names the queues of one adapter, or of one domain. */
static struct ap_apcb of_adapter(unsigned int adapter)
{
	struct ap_apcb apcb = { .aqm = apcb_all.aqm };

	ap_mask_set(&apcb.apm, adapter);
	return apcb;
}

static struct ap_apcb of_domain(unsigned int domain)
{
	struct ap_apcb apcb = { .apm = apcb_all.apm };

	ap_mask_set(&apcb.aqm, domain);
	return apcb;
}

static void count_change(struct queue *queue, void *machine)
{
	changes_count(machine, queue);
}

static void set_state(struct cex_machine *machine, unsigned int adapter,
		      enum adapter_state state)
{
	const struct ap_apcb queues = of_adapter(adapter);

	machine->adapter[adapter]->state = state;
	machine->revision++;
	if (state != ADAPTER_OPERATING)
		machine_each_queue_of(machine, &queues, stop, NULL);
	machine_each_queue_of(machine, &queues, count_change, machine);
}

/*
 * A checkstopped adapter is configured, and configuring it does not repair it.
 */
static bool is_already(enum adapter_state now, enum adapter_state wanted)
{
	return now == wanted ||
	       (now == ADAPTER_CHECKSTOPPED && wanted == ADAPTER_OPERATING);
}

int configuration_set(struct cex_machine *machine, uint64_t adapter,
		      enum adapter_state state)
{
	struct adapter *a = adapter_at(machine, adapter);

	if (!a || !ap_mask_test(&machine->profile.apm, adapter))
		return -ENODEV;
	if (is_already(a->state, state))
		return -EALREADY;
	set_state(machine, adapter, state);
	observer_tell(&machine->observer, &(struct cex_event){
		.kind = state == ADAPTER_OPERATING ? CEX_ADAPTER_CONFIGURED :
						     CEX_ADAPTER_DECONFIGURED,
		.apqn = AP_APQN(adapter, 0),
		.vm = cex_vm_index(machine->lpar),
	});
	return 0;
}

static int force(struct cex_machine *machine, unsigned int adapter,
		 enum adapter_state state)
{
	if (!adapter_at(machine, adapter))
		return -ENODEV;
	machine_lock(machine);
	set_state(machine, adapter, state);
	machine_unlock(machine);
	return 0;
}

int cex_configure(struct cex_machine *machine, unsigned int adapter)
{
	return force(machine, adapter, ADAPTER_OPERATING);
}

int cex_deconfigure(struct cex_machine *machine, unsigned int adapter)
{
	return force(machine, adapter, ADAPTER_DECONFIGURED);
}

int cex_checkstop(struct cex_machine *machine, unsigned int adapter)
{
	return force(machine, adapter, ADAPTER_CHECKSTOPPED);
}

static void stop_if_removed(struct queue *queue, void *machine)
{
	if (!apcb_allows(&((struct cex_machine *)machine)->profile, queue->apqn))
		queue_stop(queue);
}

/*
 * Every guest that reaches @queue, before a change or after it, has reached it
 * in the sense of dirty handovers.
 */
static void reach(struct queue *queue, void *opaque)
{
	struct cex_machine *machine = opaque;
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (vm_reaches(guest, queue->apqn))
			queue_reach(queue, machine_now(), guest->client.id);
}

/*
 * @queues are those that the change concerns. A VM that loses one of them is
 * told before the change, because it does not reach the queue afterwards.
 */
static void set_profile(struct cex_machine *machine,
			const struct ap_apcb *profile,
			const struct ap_apcb *queues)
{
	machine_each_queue_of(machine, queues, count_change, machine);
	machine->profile = *profile;
	machine->revision++;
	machine_each_queue_of(machine, queues, stop_if_removed, machine);
	machine_each_queue_of(machine, queues, reach, machine);
	machine_each_queue_of(machine, queues, count_change, machine);
}

static void put(struct ap_mask *mask, unsigned int bit, bool value)
{
	if (value)
		ap_mask_set(mask, bit);
	else
		ap_mask_clear(mask, bit);
}

int cex_profile_adapter(struct cex_machine *machine, unsigned int adapter,
			bool in_it)
{
	struct ap_apcb profile, queues;

	if (!adapter_at(machine, adapter))
		return -ENODEV;
	machine_lock(machine);
	profile = machine->profile;
	put(&profile.apm, adapter, in_it);
	queues = of_adapter(adapter);
	set_profile(machine, &profile, &queues);
	machine_unlock(machine);
	return 0;
}

int cex_profile_domain(struct cex_machine *machine, unsigned int domain,
		       bool in_it)
{
	struct ap_apcb profile, queues;

	if (domain >= AP_DOMAINS || !ap_mask_test(&machine->domains, domain))
		return -ENODEV;
	machine_lock(machine);
	profile = machine->profile;
	put(&profile.aqm, domain, in_it);
	put(&profile.adm, domain, in_it);
	queues = of_domain(domain);
	set_profile(machine, &profile, &queues);
	machine_unlock(machine);
	return 0;
}

int cex_set_reset_time(struct cex_machine *machine, uint16_t apqn,
		       uint64_t milliseconds)
{
	struct queue *queue = machine_queue(machine, apqn);
	uint64_t longest = QUEUE_RESET_NEVER / 1000000;

	if (!queue)
		return -ENODEV;
	machine_lock(machine);
	queue->reset_time = milliseconds < longest ? milliseconds * 1000000 :
						     QUEUE_RESET_NEVER;
	machine_unlock(machine);
	return 0;
}

int cex_set_fault(struct cex_machine *machine, uint16_t apqn, enum fault fault,
		  uint64_t count)
{
	struct queue *queue = machine_queue(machine, apqn);

	if (!queue)
		return -ENODEV;
	machine_lock(machine);
	queue->faults.left[fault] = count;
	changes_count(machine, queue);
	machine_unlock(machine);
	return 0;
}
