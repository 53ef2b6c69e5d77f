// SPDX-License-Identifier: GPL-2.0-only
#include "changes.h"

static void count(struct cex_vm *vm, uint16_t apqn)
{
	if (vm && vm->changes && vm_reaches(vm, apqn))
		(*AP_CHANGES_OF(vm->changes, apqn))++;
}

void changes_count(struct cex_machine *machine, const struct queue *queue)
{
	struct cex_vm *guest;

	count(machine->lpar, queue->apqn);
	LIST_FOREACH(guest, &machine->guests, link)
		count(guest, queue->apqn);
}

void changes_count_all(struct cex_vm *vm)
{
	if (!vm || !vm->changes)
		return;
	for (unsigned int i = 0; i < AP_CHANGES; i++)
		vm->changes->count[i]++;
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
