/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM: the LPAR or one of its guests, who it is and what it has. How VMs come
 * and go is told in lifecycle.h.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_VM_H
#define CEX_VM_H

#include "client.h"
#include "intercept.h"
#include "machine.h"

/* An LPAR from attach to detach, a guest from GUEST_CREATE on. */
struct cex_vm {
	LIST_ENTRY(cex_vm) link;
	struct cex_machine *machine;
	struct client client;	/* its id is never used again for another guest */
	uint64_t number;	/* a guest's, which proves the right to attach */
	struct ap_apcb apcb;	/* a guest's, as the LPAR wrote it */
	struct ap_apcb had;	/* what any of a guest's APCBs named */
	struct ap_changes *changes;	/* of the attached VM, or NULL */
	struct cex_holder holder;
	uint64_t revision;	/* which the last answer rests upon */
	struct intercept intercept;	/* a guest's */
	bool attached;
	bool spent;		/* was attached once */
	bool destroyed;		/* stays while attached, and reaches nothing */
};

/*
 * Make an LPAR, which is attached, in no one's place; or a guest that is not
 * attached and has an empty APCB. NULL with errno: ENOMEM. A guest can be freed
 * when it is destroyed and not attached, and is freed only then.
 */
struct cex_vm *vm_new_lpar(struct cex_machine *machine);
struct cex_vm *vm_new_guest(struct cex_machine *machine, uint64_t id,
			    uint64_t number);
void vm_free_unused_guest(struct cex_vm *guest);

/* The VM @id, or the guest @number that was not destroyed; NULL: there is none. */
struct cex_vm *vm_find(const struct cex_machine *machine, uint64_t id);
struct cex_vm *vm_find_guest(const struct cex_machine *machine, uint64_t number);

/*
 * What @vm has: the LPAR its profile, a guest what its APCB names of that.
 * Whether an APQN is in it, and the queue, if there is one.
 */
struct ap_apcb vm_apcb(const struct cex_vm *vm);
bool vm_reaches(const struct cex_vm *vm, uint16_t apqn);
struct queue *vm_queue(const struct cex_vm *vm, uint16_t apqn);

/*
 * What an administrative command of the VM @id may change: the domain @number
 * of @adapter, if the APCB that is in force for it allows that, or NULL.
 */
struct domain *vm_controlled(const struct cex_machine *machine, uint64_t id,
			     const struct adapter *adapter,
			     unsigned int number);

/* Drop what @vm has enqueued; and have no queue interrupt it any more. */
void vm_drop_requests(struct cex_vm *vm);
void vm_stop_interruptions(struct cex_vm *vm);

/* What is kept about VMs has changed, by or for @vm. */
void vm_touch(struct cex_vm *vm);

#endif /* CEX_VM_H */
