// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "apcb.h"
#include "vm.h"

static struct cex_vm *new(struct cex_machine *machine, uint64_t id)
{
	struct cex_vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		return NULL;
	vm->machine = machine;
	client_init(&vm->client, id, &machine->memory);
	vm->client.shelf = &vm->shelf;
	return vm;
}

struct cex_vm *vm_new_lpar(struct cex_machine *machine)
{
	struct cex_vm *lpar = new(machine, VM_LPAR);

	if (!lpar)
		return NULL;
	lpar->attached = true;
	lpar->had = apcb_all;
	machine->lpar = lpar;
	machine->in_use = true;
	return lpar;
}

struct cex_vm *vm_new_guest(struct cex_machine *machine, uint64_t id,
			    uint64_t number)
{
	struct cex_vm *guest = new(machine, id);

	if (!guest)
		return NULL;
	guest->number = number;
	LIST_INSERT_HEAD(&machine->guests, guest, link);
	machine->guest_count++;
	return guest;
}

void vm_free_unused_guest(struct cex_vm *guest)
{
	if (guest->attached || !guest->destroyed)
		return;
	LIST_REMOVE(guest, link);
	guest->machine->guest_count--;
	free(guest);
}

struct cex_vm *vm_find(const struct cex_machine *machine, uint64_t id)
{
	struct cex_vm *guest;

	if (id == VM_LPAR)
		return machine->lpar;
	LIST_FOREACH(guest, &machine->guests, link)
		if (guest->client.id == id)
			return guest;
	return NULL;
}

struct cex_vm *vm_find_guest(const struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (guest->number == number && !guest->destroyed)
			return guest;
	return NULL;
}

struct ap_apcb vm_apcb(const struct cex_vm *vm)
{
	struct ap_apcb apcb = vm->machine->profile;

	if (vm != vm->machine->lpar)
		apcb_and(&apcb, &vm->apcb);
	return apcb;
}

bool vm_reaches(const struct cex_vm *vm, uint16_t apqn)
{
	return apcb_allows(&vm->machine->profile, apqn) &&
	       (vm == vm->machine->lpar || apcb_allows(&vm->apcb, apqn));
}

struct queue *vm_queue(const struct cex_vm *vm, uint16_t apqn)
{
	return vm_reaches(vm, apqn) ? machine_queue(vm->machine, apqn) : NULL;
}

struct domain *vm_controlled(const struct cex_machine *machine, uint64_t id,
			     const struct adapter *adapter, unsigned int number)
{
	const struct cex_vm *vm = vm_find(machine, id);
	struct ap_apcb apcb;

	if (!vm || number >= AP_DOMAINS || !adapter->queue[number])
		return NULL;
	apcb = vm_apcb(vm);
	return ap_mask_test(&apcb.adm, number) ?
	       &adapter->queue[number]->domain : NULL;
}

static void drop(struct queue *queue, void *vm)
{
	queue_drop_of(queue, ((struct cex_vm *)vm)->client.id);
}

/* Requests may lie in a queue that only an earlier APCB named. */
void vm_drop_requests(struct cex_vm *vm)
{
	machine_each_held_queue_of(vm->machine, &vm->had, drop, vm);
	turns_leave(&vm->machine->turns, &vm->client);
}

static void stop_interrupting(struct queue *queue, void *vm)
{
	if (queue->irq != ((struct cex_vm *)vm)->client.id)
		return;
	queue->irq = 0;
	queue_touch(queue);
}

void vm_stop_interruptions(struct cex_vm *vm)
{
	machine_each_held_queue_of(vm->machine, &vm->had, stop_interrupting, vm);
}

void vm_touch(struct cex_vm *vm)
{
	vm->revision = ++vm->machine->revision;
}

uint64_t cex_guest_number(const struct cex_vm *vm)
{
	return vm->number;
}

uint64_t cex_vm_index(const struct cex_vm *vm)
{
	return vm_index(vm->client.id);
}

uint64_t cex_vm_revision(const struct cex_vm *vm)
{
	return vm->revision;
}

void cex_set_holder(struct cex_vm *vm, const struct cex_holder *holder)
{
	machine_lock(vm->machine);
	vm->holder = *holder;
	vm_touch(vm);
	machine_unlock(vm->machine);
}

struct cex_holder cex_holder(struct cex_vm *vm)
{
	struct cex_holder holder;

	machine_lock(vm->machine);
	holder = vm->holder;
	machine_unlock(vm->machine);
	return holder;
}
