/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a machine: its adapters and queues, and its VMs.
 *
 * One lock, the machine's, guards everything in here but what is set before
 * the first VM. It is held for a table look-up, for copying one message, or
 * for copying what is to be kept about one adapter's queues (state.h); while
 * that is encrypted and written it is not, nor for a modular exponentiation,
 * which takes a hundred times as long as a message. What is rare takes longer:
 * a VM that comes or goes, and a change of masks, walk through all queues once,
 * a change of the LPAR's profile once for each guest; each walk is milliseconds
 * where there are 65536 queues. What a lock per queue would save was not
 * measurable, and one lock makes a change of masks take effect between two
 * instructions, never within one.
 */
#ifndef CEX_MACHINE_H
#define CEX_MACHINE_H

#include <pthread.h>

#include "cex.h"
#include "intercept.h"
#include "observer.h"
#include "queue.h"
#include "told.h"

struct pool;

/* An LPAR from attach to detach, a guest from GUEST_CREATE on. */
struct cex_vm {
	LIST_ENTRY(cex_vm) link;
	struct cex_machine *machine;
	uint64_t id;		/* never used again for another guest */
	uint64_t number;	/* a guest's, which proves the right to attach */
	struct ap_apcb apcb;	/* a guest's, as the LPAR wrote it */
	struct ap_changes *changes;	/* of the attached VM, or NULL */
	struct cex_holder holder;
	uint64_t revision;	/* which the last answer rests upon */
	struct intercept intercept;	/* a guest's */
	bool attached;
	bool spent;		/* was attached once */
	bool destroyed;		/* stays while attached, and reaches nothing */
};

/* What was kept about queues that the machine does not have, as it was. */
struct attic {
	unsigned int count;
	size_t length;
	uint8_t *records;
};

struct cex_machine {
	pthread_mutex_t lock;
	struct pool *pool;
	struct adapter *adapter[AP_ADAPTERS];
	struct ap_mask domains;
	struct ap_apcb profile;	/* the part of the machine that the LPAR has */
	bool in_use;		/* a VM was attached: no more adapters */
	struct cex_vm *lpar;
	bool polled;		/* has no adapter interruptions */
	bool listening;		/* the LPAR intercepts AQIC */
	LIST_HEAD(vm_list, cex_vm) guests;
	unsigned int guest_count;
	uint64_t last_id;
	uint64_t revision;	/* of what is to outlive the process */
	struct cex_observer observer;
	struct told told;
	struct attic attic;
};

/* NULL when there is no such queue. */
struct queue *machine_queue(struct cex_machine *machine, uint16_t apqn);

/* Call @visit for every queue, of one adapter or of all. */
void adapter_each_queue(struct adapter *adapter,
			void (*visit)(struct queue *queue, void *context),
			void *context);
void machine_each_queue(struct cex_machine *machine,
			void (*visit)(struct queue *queue, void *context),
			void *context);

uint64_t machine_now(void);

/* What an APCB says; the caller holds the lock in these and all below. */
bool apcb_allows(const struct ap_apcb *apcb, uint16_t apqn);

/*
 * What @vm has: the LPAR its profile, a guest what its APCB names of that.
 * Whether an APQN is in it, and the queue, if there is one.
 */
struct ap_apcb vm_apcb(const struct cex_vm *vm);
bool vm_reaches(const struct cex_vm *vm, uint16_t apqn);
struct queue *vm_queue(struct cex_vm *vm, uint16_t apqn);

/*
 * Set the profile. What a guest comes to reach by it, it has reached, in the
 * sense of dirty handovers; and everything counts as changed for every VM.
 */
void machine_set_profile(struct cex_machine *machine,
			 const struct ap_apcb *profile);

/*
 * What an administrative command of the VM @id may change: the domain @number
 * of @adapter, if the APCB that is in force for it allows that, or NULL.
 */
struct domain *vm_controlled(struct cex_machine *machine, uint64_t id,
			     const struct adapter *adapter,
			     unsigned int number);

/* @queue answers a DQAP otherwise than before: VMs that reach it may watch. */
void machine_count_change(struct cex_machine *machine,
			  const struct queue *queue);

/* A reply in @queue has become ready: interrupt whom it is set to, if anybody. */
void machine_interrupt(struct cex_machine *machine, const struct queue *queue);

/*
 * The operating system of @vm is gone: its queues begin to be zeroized and
 * interrupt nobody, its intercept is over. An LPAR's guests are destroyed, and
 * their AQIC does not wait for it any more.
 */
void vm_reset(struct cex_vm *vm);

/* A new LPAR, which is attached, in no one's place; NULL: no memory. */
struct cex_vm *vm_new_lpar(struct cex_machine *machine);

/* The LPAR calls. Returned: the guest or 0, and 0 or an errno value. */
uint64_t vm_create_guest(struct cex_machine *machine);
int vm_set_masks(struct cex_machine *machine, uint64_t number,
		 const struct ap_apcb *apcb);
int vm_destroy_guest(struct cex_machine *machine, uint64_t number);
int vm_fetch_intercept(struct cex_machine *machine, uint64_t number,
		       struct ap_intercept *registers);
int vm_answer_intercept(struct cex_machine *machine, uint64_t number,
			uint32_t status);

/* Count an interruption by @source, a queue or AP_INTERCEPTS, and ring the bell. */
void vm_interrupt(struct cex_vm *vm, uint32_t source);

/* The guest whose AQIC for @apqn the LPAR is carrying out, or NULL. */
struct cex_vm *vm_intercepted(struct cex_machine *machine, uint16_t apqn);

#endif /* CEX_MACHINE_H */
