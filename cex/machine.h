/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a machine: its adapters and queues, and who is attached to it.
 *
 * One lock, the machine's, guards everything in here but what is set before
 * the first VM. It is held for a table look-up, for copying one message, or
 * for copying what is to be kept about one adapter's queues (state.h); while
 * that is encrypted and written it is not, nor for a modular exponentiation,
 * which takes a hundred times as long as a message. What is rare takes longer:
 * whoever comes, goes or is reset walks through the queues that it has or had,
 * as a change of masks does; a change of the LPAR's profile walks through the
 * queues of one adapter or domain, once for each guest that names it. Such a
 * walk is milliseconds for 65536 queues. What a lock per queue would save was
 * not measurable, and one lock makes a change of masks take effect between two
 * instructions, never within one.
 */
#ifndef CEX_MACHINE_H
#define CEX_MACHINE_H

#include <pthread.h>

#include "cex.h"
#include "observer.h"
#include "queue.h"
#include "told.h"
#include "turns.h"

struct cex_vm;
struct pool;

/* What was kept about queues that the machine does not have, as it was. */
struct attic {
	unsigned int count;
	size_t length;
	uint8_t *records;
};

struct cex_machine {
	pthread_mutex_t lock;
	_Atomic uint32_t *rung;	/* a bell whose VM is to be woken, or NULL */
	struct pool *pool;
	struct turns turns;
	struct memory memory;	/* of requests */
	struct adapter *adapter[AP_ADAPTERS];
	struct ap_mask domains;
	struct domain model;	/* whose current master keys all domains get */
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

/*
 * Take the machine's lock, and give it back. A VM whose bell was rung meanwhile
 * is woken after that: how long it takes, is the VM's to decide.
 */
void machine_lock(struct cex_machine *machine);
void machine_unlock(struct cex_machine *machine);

/* Ring @bell; who waits for it is woken when the lock is given back. */
void machine_ring(struct cex_machine *machine, _Atomic uint32_t *bell);

/* NULL when there is no such queue. */
struct queue *machine_queue(struct cex_machine *machine, uint16_t apqn);

/* Call @visit for every queue that @apcb names, in the profile or not. */
void machine_each_queue_of(struct cex_machine *machine,
			   const struct ap_apcb *apcb,
			   void (*visit)(struct queue *queue, void *context),
			   void *context);

uint64_t machine_now(void);

#endif /* CEX_MACHINE_H */
