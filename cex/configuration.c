// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "configuration.h"

static void stop(struct queue *queue, void *unused)
{
	(void)unused;
	queue_stop(queue);
}

static void count_change(struct queue *queue, void *machine)
{
	machine_count_change(machine, queue);
}

static struct adapter *adapter_at(struct cex_machine *machine, uint64_t adapter)
{
	return adapter < AP_ADAPTERS ? machine->adapter[adapter] : NULL;
}

static void set_state(struct cex_machine *machine, struct adapter *adapter,
		      enum adapter_state state)
{
	adapter->state = state;
	machine->revision++;
	if (state != ADAPTER_OPERATING)
		adapter_each_queue(adapter, stop, NULL);
	adapter_each_queue(adapter, count_change, machine);
}

/* A checkstopped adapter is configured, and configuring mends nothing. */
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
		return ENODEV;
	if (is_already(a->state, state))
		return EALREADY;
	set_state(machine, a, state);
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
	struct adapter *a = adapter_at(machine, adapter);

	if (!a)
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
	set_state(machine, a, state);
	pthread_mutex_unlock(&machine->lock);
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

static void stop_if_removed(struct queue *queue, void *profile)
{
	if (!apcb_allows(profile, queue->apqn))
		queue_stop(queue);
}

static void change_profile(struct cex_machine *machine, struct ap_apcb profile)
{
	machine_each_queue(machine, stop_if_removed, &profile);
	machine_set_profile(machine, &profile);
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
	struct ap_apcb profile;

	if (!adapter_at(machine, adapter))
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
	profile = machine->profile;
	put(&profile.apm, adapter, in_it);
	change_profile(machine, profile);
	pthread_mutex_unlock(&machine->lock);
	return 0;
}

int cex_profile_domain(struct cex_machine *machine, unsigned int domain,
		       bool in_it)
{
	struct ap_apcb profile;

	if (domain >= AP_DOMAINS || !ap_mask_test(&machine->domains, domain))
		return -ENODEV;
	pthread_mutex_lock(&machine->lock);
	profile = machine->profile;
	put(&profile.aqm, domain, in_it);
	put(&profile.adm, domain, in_it);
	change_profile(machine, profile);
	pthread_mutex_unlock(&machine->lock);
	return 0;
}
