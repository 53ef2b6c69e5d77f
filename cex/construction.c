// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a machine is built, until the first VM is attached, and how it is freed.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "pool.h"
#include "vm.h"

struct cex_machine *cex_machine_new(unsigned int workers)
{
	struct cex_machine *machine = calloc(1, sizeof(*machine));

	if (!machine)
		return NULL;
	pthread_mutex_init(&machine->lock, NULL);
	pthread_cond_init(&machine->offered, NULL);
	LIST_INIT(&machine->guests);
	turns_init(&machine->turns);
	machine->last_id = VM_LPAR;
	machine->saved = UINT64_MAX;
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
	domain_wipe(&machine->model);
	OPENSSL_clear_free(machine->attic.records, machine->attic.length);
	pthread_cond_destroy(&machine->offered);
	pthread_mutex_destroy(&machine->lock);
	free(machine);
}

static int add_queue(struct cex_machine *machine, unsigned int adapter,
		     unsigned int domain)
{
	struct queue **slot = &machine->adapter[adapter]->queue[domain];

	*slot = queue_new(machine->adapter[adapter], AP_APQN(adapter, domain));
	return *slot ? 0 : -errno;
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
	machine->adapter[adapter]->model = &machine->model;
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

bool cex_nth_type(size_t n, char type[CEX_TYPE_SIZE])
{
	for (int generation = '0'; generation <= '9'; generation++) {
		for (int mode = 'A'; mode <= 'Z'; mode++) {
			snprintf(type, CEX_TYPE_SIZE, "CEX%c%c", generation,
				 mode);
			if (cex_has_type(type) && !n--)
				return true;
		}
	}
	return false;
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
