// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "apcb.h"
#include "changes.h"
#include "guest.h"
#include "lifecycle.h"

static void zeroize(struct queue *queue, void *unused)
{
	(void)unused;
	queue_zeroize(queue, machine_now());
}

static void zeroize_used(struct queue *queue, void *unused)
{
	if (queue->user)
		zeroize(queue, unused);
}

/*
 * Loading an LPAR resets what belongs to it. So a queue that the last LPAR or
 * its guests have used is zeroized, which no operating system does by itself.
 */
struct cex_vm *cex_attach_lpar(struct cex_machine *machine)
{
	struct cex_vm *lpar = NULL;

	machine_lock(machine);
	if (machine->lpar)
		errno = EBUSY;
	else
		lpar = vm_new_lpar(machine);
	if (lpar) {
		machine_each_held_queue_of(machine, &apcb_all, zeroize_used, NULL);
		vm_touch(lpar);
	}
	machine_unlock(machine);
	return lpar;
}

static int attach(struct cex_vm *guest)
{
	if (!guest)
		return -ENOENT;
	if (guest->attached)
		return -EBUSY;
	if (guest->was_attached)
		return -ENOENT;
	guest->attached = guest->was_attached = true;
	vm_touch(guest);
	return 0;
}

struct cex_vm *cex_attach_guest(struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest;
	int error;

	machine_lock(machine);
	guest = vm_find_guest(machine, number);
	error = attach(guest);
	machine_unlock(machine);
	if (error) {
		errno = -error;
		return NULL;
	}
	return guest;
}

/*
 * The queues are zeroized and not only reset, as QEMU and vfio_ap do it for a
 * guest of KVM, because another operating system may come.
 */
void lifecycle_reset(struct cex_vm *vm)
{
	struct ap_apcb apcb = vm_apcb(vm);

	vm->intercept.state = INTERCEPT_NONE;
	if (vm == vm->machine->lpar)
		guest_destroy_all(vm->machine);
	machine_each_queue_of(vm->machine, &apcb, zeroize, NULL);
	changes_count_all(vm);
	changes_count_sharers(vm);
	vm_touch(vm);
}

void cex_reset(struct cex_vm *vm)
{
	machine_lock(vm->machine);
	lifecycle_reset(vm);
	machine_unlock(vm->machine);
}

static void silence(struct cex_vm *vm)
{
	vm_drop_requests(vm);
	shelf_close(&vm->shelf);
	vm->changes = NULL;
	vm->intercept.state = INTERCEPT_NONE;
}

int cex_suspend(struct cex_vm *vm)
{
	int error;

	machine_lock(vm->machine);
	silence(vm);
	error = vm->destroyed ? -ENOENT : 0;
	machine_unlock(vm->machine);
	return error;
}

/* Guests live in the storage of their LPAR and end with it. */
static void free_lpar(struct cex_vm *lpar)
{
	guest_destroy_all(lpar->machine);
	lpar->machine->lpar = NULL;
	free(lpar);
}

void cex_detach(struct cex_vm *vm)
{
	struct cex_machine *machine;

	if (!vm)
		return;
	machine = vm->machine;
	machine_lock(machine);
	silence(vm);
	vm_stop_interruptions(vm);
	changes_count_sharers(vm);
	vm->attached = false;
	vm_touch(vm);
	if (vm == machine->lpar)
		free_lpar(vm);
	else
		vm_free_unused_guest(vm);
	machine_unlock(machine);
}
