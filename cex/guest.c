// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/rand.h>

#include "apcb.h"
#include "changes.h"
#include "guest.h"

/* A number is never 0, which is not a guest's, nor that of another guest. */
static int draw_number(const struct cex_machine *machine, uint64_t *number)
{
	do {
		if (RAND_bytes((unsigned char *)number, sizeof(*number)) != 1)
			return -ENOMEM;
	} while (!*number || vm_find_guest(machine, *number));
	return 0;
}

int guest_create(struct cex_machine *machine, uint64_t *number)
{
	struct cex_vm *guest;
	int error;

	if (machine->guest_count >= CEX_GUESTS_MAX)
		return -ENOSPC;
	error = draw_number(machine, number);
	if (error)
		return error;
	guest = vm_new_guest(machine, machine->last_id + 1, *number);
	if (!guest)
		return -errno;
	machine->last_id = guest->client.id;
	vm_touch(guest);
	return 0;
}

static void set_apcb(struct cex_vm *guest, const struct ap_apcb *apcb)
{
	guest->apcb = *apcb;
	apcb_or(&guest->had, apcb);
	changes_count_all(guest);
}

static void reach(struct queue *queue, void *guest)
{
	queue_reach(queue, machine_now(), ((struct cex_vm *)guest)->client.id);
}

int guest_set_apcb(struct cex_machine *machine, uint64_t number,
		   const struct ap_apcb *apcb)
{
	struct cex_vm *guest = vm_find_guest(machine, number);
	struct ap_apcb reached;

	if (!guest)
		return -ENOENT;
	set_apcb(guest, apcb);
	reached = vm_apcb(guest);
	machine_each_held_queue_of(machine, &reached, reach, guest);
	vm_touch(guest);
	return 0;
}

static void destroy(struct cex_vm *guest)
{
	guest->destroyed = true;
	vm_touch(guest);
	set_apcb(guest, &(struct ap_apcb){ 0 });
	vm_drop_requests(guest);
	vm_stop_interruptions(guest);
	changes_count_sharers(guest);
	vm_free_unused_guest(guest);
}

int guest_destroy(struct cex_machine *machine, uint64_t number)
{
	struct cex_vm *guest = vm_find_guest(machine, number);

	if (!guest)
		return -ENOENT;
	destroy(guest);
	return 0;
}

void guest_destroy_all(struct cex_machine *machine)
{
	struct cex_vm *guest = LIST_FIRST(&machine->guests);

	while (guest) {
		struct cex_vm *next = LIST_NEXT(guest, link);

		if (!guest->destroyed)
			destroy(guest);
		guest = next;
	}
	machine->listening = false;
}

int guest_fetch_intercept(struct cex_machine *machine, uint64_t number,
			  struct ap_intercept *registers)
{
	struct cex_vm *guest = vm_find_guest(machine, number);

	return guest ? intercept_fetch(&guest->intercept, registers) : -ENOENT;
}

int guest_answer_intercept(struct cex_machine *machine, uint64_t number,
			   uint32_t status)
{
	struct cex_vm *guest = vm_find_guest(machine, number);

	return guest ? intercept_answer(&guest->intercept, status) : -ENOENT;
}

struct cex_vm *guest_intercepted(const struct cex_machine *machine,
				 uint16_t apqn)
{
	struct cex_vm *guest;

	LIST_FOREACH(guest, &machine->guests, link)
		if (vm_reaches(guest, apqn) &&
		    intercept_is_for(&guest->intercept, apqn))
			return guest;
	return NULL;
}

void cex_listen(struct cex_vm *lpar)
{
	machine_lock(lpar->machine);
	lpar->machine->listening = true;
	machine_unlock(lpar->machine);
}
