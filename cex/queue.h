/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One AP queue.
 *
 * A request waits in its queue until a worker takes it, is running while the
 * worker has it, and is done when its reply lies in its place. A reset, a
 * deconfigured or a checkstopped adapter drops all of them; one that is
 * running is then an orphan, and is freed when its worker returns it.
 *
 * A reset takes time. It ends when anybody looks, once its time is over.
 *
 * Faults (fault.h) strike here.
 *
 * A queue remembers its user: who enqueued last, until a ZAPQ has ended. A user
 * is a VM's id: VM_LPAR, or a greater one for each guest that ever was.
 *
 * The caller holds the machine's lock in every function, and tells the time
 * in nanoseconds of CLOCK_MONOTONIC as @now.
 */
#ifndef CEX_QUEUE_H
#define CEX_QUEUE_H

#include <sys/queue.h>

#include "abi/ap.h"
#include "card/domain.h"
#include "adapter.h"
#include "client.h"
#include "fault.h"
#include "latency.h"

#define QUEUE_RESET_TIME	2000000u	/* ns, unless set otherwise */
#define QUEUE_RESET_NEVER	UINT64_MAX

#define VM_LPAR		1	/* id of the LPAR, each time it is attached */

/* How cex_queue_info() tells the VM @id. */
static inline uint64_t vm_index(uint64_t id)
{
	return id - VM_LPAR;
}

enum request_state {
	REQUEST_WAITING,
	REQUEST_RUNNING,
	REQUEST_DONE,
};

/* @data holds the request, and then its reply. */
struct request {
	TAILQ_ENTRY(request) link;
	struct queue *queue;		/* NULL: an orphan */
	struct client *client;		/* who enqueued it; an orphan has none */
	uint64_t user;			/* its id */
	enum request_state state;
	uint64_t psmid;
	uint64_t since;			/* when it was enqueued */
	size_t room;
	size_t length;
	size_t taken;			/* by DQAP, of the reply */
	uint8_t data[];
};

struct queue {
	struct adapter *adapter;
	uint16_t apqn;
	struct domain domain;

	TAILQ_HEAD(request_list, request) requests;
	unsigned int count;
	struct request *partial;	/* a reply that was taken in part */
	struct client *turn_of;		/* on whose list it is (turns.h), or NULL */
	TAILQ_ENTRY(queue) link;

	bool resetting;
	bool zeroizing;			/* means something while resetting */
	uint64_t reset_start;
	uint64_t reset_time;
	struct faults faults;
	uint64_t irq;			/* whom it interrupts; 0: nobody */

	uint64_t revision;		/* of what is kept about it */
	uint64_t user;			/* 0: none since the last ZAPQ */
	uint64_t heir;			/* who already came upon @user's leftovers */
	uint64_t served;		/* replies made, ever */
	struct latency latency;		/* from NQAP until the reply is there */
	uint64_t handovers;		/* dirty ones */
};

/*
 * What is kept about a queue, its users, a ZAPQ in progress and its domain, has
 * changed: it and the machine have a new revision. The functions below do this
 * themselves; who changes the domain, does it then.
 */
void queue_touch(struct queue *queue);

/* The domain gets the current master keys that its machine's model has. */
void queue_take_model(struct queue *queue);

/* NULL with errno: ENOMEM, no memory or no random numbers. */
struct queue *queue_new(struct adapter *adapter, uint16_t apqn);
void queue_free(struct queue *queue);

/*
 * Bring the queue to @now: a reset whose time is over ends. Returns the response
 * code that any instruction gets then, before its own reasons.
 */
enum ap_rc queue_update(struct queue *queue, uint64_t now);

/* The status word of an operation that ended with @rc. */
uint32_t queue_status(const struct queue *queue, enum ap_rc rc);

/*
 * @client stays until its requests are gone. The queue is full, too, when they
 * hold as much memory as they may.
 */
enum ap_rc queue_enqueue(struct queue *queue, uint64_t now,
			 struct client *client, uint64_t psmid,
			 const void *message, size_t length);

/*
 * Copy the next part of a reply, at most @room bytes. @left is what remains
 * of the reply after it; @psmid is set only with the last part.
 */
enum ap_rc queue_dequeue(struct queue *queue, uint64_t now, uint64_t user,
			 void *out, size_t room, size_t *length, size_t *left,
			 uint64_t *psmid);

enum ap_rc queue_reset(struct queue *queue, uint64_t now, bool zeroize);

/*
 * The machine's own ZAPQ: it begins in any state of the queue, and of an adapter
 * that is out of operation; no fault strikes it.
 */
void queue_zeroize(struct queue *queue, uint64_t now);

/*
 * Have a reply that becomes ready interrupt @user, whose indicator byte is at
 * @indicator, from now on; or nobody, which is 0.
 */
enum ap_rc queue_set_irq(struct queue *queue, uint64_t now, uint64_t user,
			 uint64_t indicator);

/*
 * A worker's part: take the first waiting request, or NULL; give it back with
 * a reply. That tells whether the queue has a reply by it: not if the request is
 * an orphan, nor if the reply is lost.
 */
struct request *queue_start(struct queue *queue);
bool queue_finish(struct request *request, uint64_t now, const void *reply,
		  size_t length);

/* Whose the first waiting request is; NULL: none waits. */
struct client *queue_next_client(const struct queue *queue);

/* Drop everything; or all that @user enqueued. It interrupts whom it did. */
void queue_clear(struct queue *queue);
void queue_forget(struct queue *queue, uint64_t user);

/* The adapter went out of operation: the queue loses all but its user. */
void queue_stop(struct queue *queue);

/*
 * @user reaches the queue, as it also does by taking part in a message. This
 * is a dirty handover if another user's leftovers are there; it counts once.
 */
void queue_reach(struct queue *queue, uint64_t now, uint64_t user);

#endif /* CEX_QUEUE_H */
