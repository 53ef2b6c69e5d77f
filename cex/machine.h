/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a machine: its adapters and queues, and the VMs that are
 * attached to it.
 *
 * One lock, the machine's, guards everything in here except what is set before
 * the first VM is attached. It is held for a table look-up, for copying one
 * message, or for copying the state of one adapter's queues (state.h). It is
 * not held while that state is encrypted and written, nor during a modular
 * exponentiation, which takes a hundred times as long as copying a message.
 *
 * Rare operations hold it longer. Attaching, detaching or resetting a VM walks
 * through the queues that the VM has or had, and so does a change of its masks.
 * A change of the LPAR's profile walks through the queues of one adapter or
 * domain, once for each guest that names it. Such a walk takes milliseconds for
 * 65536 queues.
 *
 * A lock for each queue brought no measurable gain, and with one lock a change
 * of masks takes effect between two instructions, never within one.
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

/* State that was loaded of queues that the machine does not have, as it was. */
struct attic {
	unsigned int count;
	size_t length;
	uint8_t *records;
};

struct cex_machine {
	pthread_mutex_t lock;
	_Atomic uint32_t *rung;	/* bell of a VM that is to be woken, or NULL */
	pthread_cond_t offered;	/* for which idle workers wait */
	unsigned int offers;	/* workers that are to be woken */
	struct pool *pool;
	struct turns turns;
	struct memory memory;	/* of requests */
	struct adapter *adapter[AP_ADAPTERS];
	struct ap_mask domains;
	struct domain model;	/* whose current master keys all domains get */
	struct ap_apcb profile;	/* the part of the machine that the LPAR has */
	bool in_use;		/* a VM was attached: no more adapters */
	struct cex_vm *lpar;
	bool polled;		/* there are no adapter interruptions */
	bool listening;		/* the LPAR intercepts AQIC */
	LIST_HEAD(vm_list, cex_vm) guests;
	unsigned int guest_count;
	uint64_t last_id;
	uint64_t revision;	/* of the state that outlives the process */
	uint64_t saved;		/* the last revision that did so already */
	struct cex_observer observer;
	struct told told;
	struct attic attic;
};

/*
 * Take and release the machine's lock. A VM whose bell was rung in between is
 * woken after the lock is released, because how long that takes is up to the
 * VM. So are workers for which requests were offered, because they would
 * otherwise wait at once for the lock.
 */
void machine_lock(struct cex_machine *machine);
void machine_unlock(struct cex_machine *machine);

/* Have a worker woken for a request, if one is idle. */
void machine_offer(struct cex_machine *machine);

/* Ring @bell. Its waiter is woken when the lock is released. */
void machine_ring(struct cex_machine *machine, _Atomic uint32_t *bell);

/* Return the queue @apqn, or NULL if there is none. */
struct queue *machine_queue(struct cex_machine *machine, uint16_t apqn);

/*
 * Call @visit for every queue that @apcb names, whether or not it is in the
 * profile.
 */
void machine_each_queue_of(struct cex_machine *machine,
			   const struct ap_apcb *apcb,
			   void (*visit)(struct queue *queue, void *context),
			   void *context);

/*
 * Call @visit for every such queue that holds something of a VM (queue_hold());
 * the others have no requests.
 */
void machine_each_held_queue_of(struct cex_machine *machine,
				const struct ap_apcb *apcb,
				void (*visit)(struct queue *queue, void *context),
				void *context);

/* Return the time in nanoseconds of CLOCK_MONOTONIC. */
uint64_t machine_now(void);

#endif /* CEX_MACHINE_H */
