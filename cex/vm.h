/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM is the LPAR or one of its guests. This is what it is and what it has;
 * lifecycle.h and guest.h say how VMs come and go.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_VM_H
#define CEX_VM_H

#include "client.h"
#include "intercept.h"
#include "machine.h"
#include "shelf.h"

/* The LPAR exists from attaching to detaching, a guest from GUEST_CREATE on. */
struct cex_vm {
	LIST_ENTRY(cex_vm) link;
	struct cex_machine *machine;
	struct client client;	/* no other guest ever gets its id */
	uint64_t number;	/* of a guest: proves the right to attach */
	struct ap_apcb apcb;	/* of a guest, as the LPAR wrote it */
	struct ap_apcb had;	/* everything that its APCBs have named */
	struct ap_changes *changes;	/* NULL if it is not watched */
	struct shelf shelf;
	struct cex_holder holder;
	uint64_t revision;	/* that the last answer depends on */
	struct intercept intercept;	/* of a guest */
	bool attached;
	bool was_attached;	/* attached now or before */
	bool destroyed;		/* is kept while attached; reaches nothing */
};

/*
 * vm_new_lpar() makes an LPAR, which is attached; the machine must have none.
 * vm_new_guest() makes a guest, which is not attached and has an empty APCB.
 * Both return NULL with errno set to ENOMEM if there is no memory.
 * vm_free_unused_guest() frees @guest if it is destroyed and not attached, and
 * otherwise does nothing.
 */
struct cex_vm *vm_new_lpar(struct cex_machine *machine);
struct cex_vm *vm_new_guest(struct cex_machine *machine, uint64_t id,
			    uint64_t number);
void vm_free_unused_guest(struct cex_vm *guest);

/*
 * vm_find() returns the VM with @id, and vm_find_guest() the guest with @number
 * unless it is destroyed. Both return NULL if there is none.
 */
struct cex_vm *vm_find(const struct cex_machine *machine, uint64_t id);
struct cex_vm *vm_find_guest(const struct cex_machine *machine, uint64_t number);

/*
 * vm_apcb() returns what @vm has: the profile if it is the LPAR, and otherwise
 * what both its APCB and the profile name. vm_reaches() returns whether @apqn
 * is part of it. vm_queue() returns the queue @apqn, or NULL if @vm does not
 * reach it or there is none.
 */
struct ap_apcb vm_apcb(const struct cex_vm *vm);
bool vm_reaches(const struct cex_vm *vm, uint16_t apqn);
struct queue *vm_queue(const struct cex_vm *vm, uint16_t apqn);

/*
 * Return the domain @number of @adapter if the APCB that is in force for the VM
 * @id allows its administrative commands to change that domain, or NULL.
 */
struct domain *vm_controlled(const struct cex_machine *machine, uint64_t id,
			     const struct adapter *adapter,
			     unsigned int number);

/*
 * vm_drop_requests() drops all requests and replies of @vm.
 * vm_stop_interruptions() has no queue interrupt it any more.
 */
void vm_drop_requests(struct cex_vm *vm);
void vm_stop_interruptions(struct cex_vm *vm);

/*
 * Give the machine and @vm a new revision, because the state of VMs was changed
 * by @vm or for it.
 */
void vm_touch(struct cex_vm *vm);

#endif /* CEX_VM_H */
