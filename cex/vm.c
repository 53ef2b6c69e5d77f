// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "bell.h"
#include "machine.h"

bool apcb_allows(const struct ap_apcb *apcb, uint16_t apqn)
{
	return ap_mask_test(&apcb->apm, AP_ADAPTER(apqn)) &&
	       ap_mask_test(&apcb->aqm, AP_DOMAIN(apqn));
}

struct ap_apcb vm_apcb(const struct cex_vm *vm)
{
	struct ap_apcb apcb = vm->machine->profile;

	if (vm == vm->machine->lpar)
		return apcb;
	ap_mask_and(&apcb.apm, &vm->apcb.apm);
	ap_mask_and(&apcb.aqm, &vm->apcb.aqm);
	ap_mask_and(&apcb.adm, &vm->apcb.adm);
	return apcb;
}

bool vm_reaches(const struct cex_vm *vm, uint16_t apqn)
{
	return apcb_allows(&vm->machine->profile, apqn) &&
	       (vm == vm->machine->lpar || apcb_allows(&vm->apcb, apqn));
}

struct queue *vm_queue(struct cex_vm *vm, uint16_t apqn)
{
	return vm_reaches(vm, apqn) ? machine_queue(vm->machine, apqn) : NULL;
}

static struct cex_vm *vm_find(const struct cex_machine *machine, uint64_t id)
{
	struct cex_vm *guest;

	if (id == VM_LPAR)
		return machine->lpar;
	LIST_FOREACH(guest, &machine->guests, link)
		if (guest->id == id)
			return guest;
	return NULL;
}

struct domain *vm_controlled(struct cex_machine *machine, uint64_t id,
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

static void count_change(struct cex_vm *vm, uint16_t apqn)
{
	if (vm && vm->changes && vm_reaches(vm, apqn))
		(*AP_CHANGES_OF(vm->changes, apqn))++;
}

void machine_count_change(struct cex_machine *machine,
			  const struct queue *queue)
{
	struct cex_vm *guest;

	count_change(machine->lpar, queue->apqn);
	LIST_FOREACH(guest, &machine->guests, link)
		count_change(guest, queue->apqn);
}

void machine_interrupt(struct cex_machine *machine, const struct queue *queue)
{
	struct cex_vm *vm = vm_find(machine, queue->irq);

	if (vm && vm_reaches(vm, queue->apqn))
		vm_interrupt(vm, queue->apqn);
}

void vm_interrupt(struct cex_vm *vm, uint32_t source)
{
	if (!vm->changes)
		return;
	vm->changes->interruptions[source]++;
	bell_ring(&vm->changes->bell);
}

static void count_all_changes(struct cex_vm *vm)
{
	if (!vm || !vm->changes)
		return;
	for (unsigned int i = 0; i < AP_CHANGES; i++)
		vm->changes->count[i]++;
}

static void set_apcb(struct cex_vm *vm, const struct ap_apcb *apcb)
{
	vm->apcb = *apcb;
	count_all_changes(vm);
}

void cex_listen(struct cex_vm *lpar)
{
	pthread_mutex_lock(&lpar->machine->lock);
	lpar->machine->listening = true;
	pthread_mutex_unlock(&lpar->machine->lock);
}

void cex_watch(struct cex_vm *vm, struct ap_changes *changes)
{
	pthread_mutex_lock(&vm->machine->lock);
	vm->changes = changes;
	changes->since = machine_now();
	changes->interruptible = !vm->machine->polled &&
				 (vm == vm->machine->lpar ||
				  vm->machine->listening);
	pthread_mutex_unlock(&vm->machine->lock);
}

struct cex_vm *vm_new_lpar(struct cex_machine *machine)
{
	struct cex_vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		return NULL;
	vm->machine = machine;
	vm->id = VM_LPAR;
	vm->attached = true;
	machine->lpar = vm;
	machine->in_use = true;
	return vm;
}

/* What is kept about VMs has changed, by or for @vm. */
static void change(struct cex_vm *vm)
{
	vm->revision = ++vm->machine->revision;
}

static void reset_used(struct queue *queue, void *unused)
{
	(void)unused;
	if (queue->user)
		queue_zeroize(queue, machine_now());
}

/*
 * To load an LPAR is to reset what belongs to it: a queue that the last one or
 * its guests have used is zeroized, which no operating system does by itself.
 */
struct cex_vm *cex_attach_lpar(struct cex_machine *machine)
{
	struct cex_vm *vm = NULL;

	pthread_mutex_lock(&machine->lock);
	if (machine->lpar)
		errno = EBUSY;
	else
		vm = vm_new_lpar(machine);
	if (vm) {
		machine_each_queue(machine, reset_used, NULL);
		change(vm);
	}
	pthread_mutex_unlock(&machine->lock);
	return vm;
}

static struct cex_vm *guest_find(struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (guest->number == number && !guest->destroyed)
			return guest;
	return NULL;
}

struct cex_vm *cex_attach_guest(struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest;
	int error = 0;

	pthread_mutex_lock(&machine->lock);
	guest = guest_find(machine, number);
	if (!guest)
		error = ENOENT;
	else if (guest->attached)
		error = EBUSY;
	else if (guest->spent)
		error = ENOENT;
	else
		guest->attached = guest->spent = true;
	if (!error)
		change(guest);
	pthread_mutex_unlock(&machine->lock);
	if (error) {
		errno = error;
		return NULL;
	}
	return guest;
}

static void forget(struct queue *queue, void *vm)
{
	queue_forget(queue, ((struct cex_vm *)vm)->id);
}

static void drop_requests(struct cex_vm *vm)
{
	machine_each_queue(vm->machine, forget, vm);
}

static void stop_interrupting(struct queue *queue, void *vm)
{
	if (queue->irq != ((struct cex_vm *)vm)->id)
		return;
	queue->irq = 0;
	queue_touch(queue);
}

static void drop_all(struct cex_vm *vm)
{
	drop_requests(vm);
	machine_each_queue(vm->machine, stop_interrupting, vm);
}

static void guest_free_unless_used(struct cex_vm *guest)
{
	if (guest->attached || !guest->destroyed)
		return;
	LIST_REMOVE(guest, link);
	guest->machine->guest_count--;
	free(guest);
}

static void guest_destroy(struct cex_vm *guest)
{
	guest->destroyed = true;
	change(guest);
	set_apcb(guest, &(struct ap_apcb){ 0 });
	drop_all(guest);
	guest_free_unless_used(guest);
}

/* Guests are in the storage of their LPAR. */
static void end_guests(struct cex_machine *machine)
{
	struct cex_vm *guest = LIST_FIRST(&machine->guests);

	while (guest) {
		struct cex_vm *next = LIST_NEXT(guest, link);

		if (!guest->destroyed)
			guest_destroy(guest);
		guest = next;
	}
	machine->listening = false;
}

static void lpar_free(struct cex_vm *lpar)
{
	struct cex_machine *machine = lpar->machine;

	end_guests(machine);
	machine->lpar = NULL;
	free(lpar);
}

/*
 * Zeroized, and not only reset: so QEMU and vfio_ap do it for a guest of KVM, and
 * what comes may not be what was there.
 */
static void reset_if_reached(struct queue *queue, void *vm)
{
	if (vm_reaches(vm, queue->apqn))
		queue_zeroize(queue, machine_now());
}

void vm_reset(struct cex_vm *vm)
{
	vm->intercept.state = INTERCEPT_NONE;
	if (vm == vm->machine->lpar)
		end_guests(vm->machine);
	machine_each_queue(vm->machine, reset_if_reached, vm);
	count_all_changes(vm);
	count_all_changes(vm->machine->lpar);
	change(vm);
}

void cex_reset(struct cex_vm *vm)
{
	pthread_mutex_lock(&vm->machine->lock);
	vm_reset(vm);
	pthread_mutex_unlock(&vm->machine->lock);
}

bool cex_suspend(struct cex_vm *vm)
{
	bool destroyed;

	pthread_mutex_lock(&vm->machine->lock);
	drop_requests(vm);
	vm->changes = NULL;
	vm->intercept.state = INTERCEPT_NONE;
	destroyed = vm->destroyed;
	pthread_mutex_unlock(&vm->machine->lock);
	return !destroyed;
}

uint64_t cex_guest_number(const struct cex_vm *vm)
{
	return vm->number;
}

uint64_t cex_vm_index(const struct cex_vm *vm)
{
	return vm_index(vm->id);
}

void cex_set_holder(struct cex_vm *vm, const struct cex_holder *holder)
{
	pthread_mutex_lock(&vm->machine->lock);
	vm->holder = *holder;
	change(vm);
	pthread_mutex_unlock(&vm->machine->lock);
}

struct cex_holder cex_holder(struct cex_vm *vm)
{
	struct cex_holder holder;

	pthread_mutex_lock(&vm->machine->lock);
	holder = vm->holder;
	pthread_mutex_unlock(&vm->machine->lock);
	return holder;
}

void cex_detach(struct cex_vm *vm)
{
	struct cex_machine *machine;

	if (!vm)
		return;
	machine = vm->machine;
	pthread_mutex_lock(&machine->lock);
	drop_all(vm);
	vm->changes = NULL;
	vm->intercept.state = INTERCEPT_NONE;
	vm->attached = false;
	change(vm);
	if (vm == machine->lpar)
		lpar_free(vm);
	else
		guest_free_unless_used(vm);
	pthread_mutex_unlock(&machine->lock);
}

uint64_t vm_create_guest(struct cex_machine *machine)
{
	struct cex_vm *guest;

	if (machine->guest_count >= CEX_GUESTS_MAX)
		return 0;
	guest = calloc(1, sizeof(*guest));
	if (!guest)
		return 0;
	do {
		if (RAND_bytes((unsigned char *)&guest->number,
			       sizeof(guest->number)) != 1) {
			free(guest);
			return 0;
		}
	} while (!guest->number || guest_find(machine, guest->number));
	guest->machine = machine;
	guest->id = ++machine->last_id;
	LIST_INSERT_HEAD(&machine->guests, guest, link);
	machine->guest_count++;
	change(guest);
	return guest->number;
}

static void reach_if_allowed(struct queue *queue, void *context)
{
	const struct cex_vm *guest = context;

	if (vm_reaches(guest, queue->apqn))
		queue_reach(queue, machine_now(), guest->id);
}

int vm_set_masks(struct cex_machine *machine, uint64_t number,
		 const struct ap_apcb *apcb)
{
	struct cex_vm *guest = guest_find(machine, number);

	if (!guest)
		return ENOENT;
	set_apcb(guest, apcb);
	machine_each_queue(machine, reach_if_allowed, guest);
	change(guest);
	return 0;
}

void machine_set_profile(struct cex_machine *machine,
			 const struct ap_apcb *profile)
{
	struct cex_vm *guest;

	machine->profile = *profile;
	machine->revision++;
	count_all_changes(machine->lpar);
	LIST_FOREACH(guest, &machine->guests, link) {
		count_all_changes(guest);
		machine_each_queue(machine, reach_if_allowed, guest);
	}
}

int vm_destroy_guest(struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest = guest_find(machine, number);

	if (!guest)
		return ENOENT;
	guest_destroy(guest);
	return 0;
}

int vm_fetch_intercept(struct cex_machine *machine, uint64_t number,
		       struct ap_intercept *registers)
{
	struct cex_vm *guest = guest_find(machine, number);

	if (!guest)
		return ENOENT;
	return intercept_fetch(&guest->intercept, registers) ? 0 : ENODATA;
}

int vm_answer_intercept(struct cex_machine *machine, uint64_t number,
			uint32_t status)
{
	struct cex_vm *guest = guest_find(machine, number);

	if (!guest)
		return ENOENT;
	return intercept_answer(&guest->intercept, status) ? 0 : ENODATA;
}

struct cex_vm *vm_intercepted(struct cex_machine *machine, uint16_t apqn)
{
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (vm_reaches(guest, apqn) &&
		    intercept_is_for(&guest->intercept, apqn))
			return guest;
	return NULL;
}

uint64_t cex_revision(struct cex_machine *machine)
{
	uint64_t revision;

	pthread_mutex_lock(&machine->lock);
	revision = machine->revision;
	pthread_mutex_unlock(&machine->lock);
	return revision;
}

uint64_t cex_vm_revision(const struct cex_vm *vm)
{
	return vm->revision;
}
