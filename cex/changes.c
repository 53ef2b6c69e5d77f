// SPDX-License-Identifier: GPL-2.0-only
#include "changes.h"

#include "apcb.h"
#include "display.h"

/* The VM that was shown @queue may have lost it, or may be gone. */
static void withdraw(struct cex_machine *machine, struct queue *queue)
{
	struct cex_vm *vm = vm_find(machine, queue->shown_to);

	if (vm)
		shelf_withdraw(&vm->shelf, queue->apqn);
	queue->shown_to = 0;
}

void changes_show(struct cex_machine *machine, struct queue *queue)
{
	struct cex_vm *vm = vm_find(machine, queue->user);
	bool can_show = vm && vm->shelf.shown && vm_reaches(vm, queue->apqn);

	if (queue->shown_to && (!can_show || queue->shown_to != queue->user))
		withdraw(machine, queue);
	if (!can_show)
		return;
	queue->shown_to = queue->user;
	display_show(queue, &vm->client, machine_now(), machine->saved);
}

static void count(struct cex_vm *vm, uint16_t apqn)
{
	if (vm && vm->changes && vm_reaches(vm, apqn))
		(*AP_CHANGES_OF(vm->changes, apqn))++;
}

void changes_count(struct cex_machine *machine, struct queue *queue)
{
	struct cex_vm *guest;

	changes_show(machine, queue);
	count(machine->lpar, queue->apqn);
	LIST_FOREACH(guest, &machine->guests, link)
		count(guest, queue->apqn);
}

void changes_count_all(struct cex_vm *vm)
{
	if (!vm)
		return;
	shelf_withdraw_all(&vm->shelf);
	if (!vm->changes)
		return;
	for (unsigned int i = 0; i < AP_CHANGES; i++)
		vm->changes->count[i]++;
}

void changes_count_sharers(struct cex_vm *vm)
{
	struct cex_vm *guest;

	changes_count_all(vm->machine->lpar);
	LIST_FOREACH(guest, &vm->machine->guests, link)
		if (guest != vm && apcb_share_queues(&guest->apcb, &vm->had))
			changes_count_all(guest);
}

void changes_interrupt(struct cex_vm *vm, uint32_t source)
{
	if (!vm->changes)
		return;
	vm->changes->interruptions[source]++;
	machine_ring(vm->machine, &vm->changes->bell);
}

void changes_reply_ready(struct cex_machine *machine, const struct queue *queue)
{
	struct cex_vm *vm = vm_find(machine, queue->irq);

	if (vm && vm_reaches(vm, queue->apqn))
		changes_interrupt(vm, queue->apqn);
}

void cex_show(struct cex_vm *vm, struct ap_shelf *shelf)
{
	machine_lock(vm->machine);
	shelf_open(&vm->shelf, shelf);
	machine_unlock(vm->machine);
}

void cex_watch(struct cex_vm *vm, struct ap_changes *changes)
{
	machine_lock(vm->machine);
	vm->changes = changes;
	changes->since = machine_now();
	changes->interruptible = !vm->machine->polled &&
				 (vm == vm->machine->lpar ||
				  vm->machine->listening);
	machine_unlock(vm->machine);
}
