/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One AP queue.
 *
 * A request waits in its queue until a worker takes it, is running while the
 * worker has it, and is done when its reply has taken its place. A reset drops
 * all requests, and so does deconfiguring or checkstopping the adapter. A
 * request that is running when it is dropped becomes a stray, which is freed
 * when its worker returns it.
 *
 * A reset takes time. Once that is over, the reset ends with the next call that
 * looks at the queue.
 *
 * Faults (fault.h) strike here.
 *
 * A queue remembers its user, the VM that enqueued the last request, until a
 * ZAPQ has ended. A user is the id of a VM: VM_LPAR, or a greater number for
 * each guest that is created.
 *
 * The caller of every function holds the machine's lock. @now is the time in
 * nanoseconds of CLOCK_MONOTONIC.
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
#include "shelf.h"

#define QUEUE_RESET_TIME	2000000u	/* ns, unless set otherwise */
#define QUEUE_RESET_NEVER	UINT64_MAX

#define VM_LPAR		1	/* id of every LPAR that is attached */

/* Return the number under which cex_queue_info() shows the VM @id. */
static inline uint64_t vm_index(uint64_t id)
{
	return id - VM_LPAR;
}

enum request_state {
	REQUEST_WAITING,
	REQUEST_RUNNING,
	REQUEST_DONE,
};

/* @data holds the request first, and its reply later. */
struct request {
	TAILQ_ENTRY(request) link;
	struct queue *queue;		/* NULL if it is a stray */
	struct client *client;		/* owner; NULL if it is a stray */
	uint64_t user;			/* id of the VM that enqueued it */
	enum request_state state;
	uint64_t psmid;
	uint64_t since;			/* time of NQAP */
	size_t room;
	size_t length;
	size_t taken;			/* bytes of the reply, by DQAP */
	int slot;			/* of the shelf that shows the reply */
	uint8_t data[];
};

struct queue {
	struct adapter *adapter;
	uint16_t apqn;
	struct domain domain;

	TAILQ_HEAD(request_list, request) requests;
	unsigned int count;
	struct request *partial;	/* reply taken in part, or NULL */
	uint64_t shown_to;		/* VM whose shelf may show it, or 0 */
	struct client *turn_of;		/* on whose list it is (turns.h) */
	TAILQ_ENTRY(queue) link;

	bool resetting;
	bool zeroizing;			/* valid while resetting */
	uint64_t reset_start;
	uint64_t reset_time;
	struct faults faults;
	uint64_t irq;			/* VM that it interrupts, or 0 */

	uint64_t revision;		/* of its state (state.h) */
	uint64_t user;			/* 0: none since the last ZAPQ */
	uint64_t heir;			/* last who reached its leftovers */
	uint64_t served;		/* replies made */
	struct ap_counter counter[AP_COUNTERS];	/* of the crypto measurement */
	struct latency latency;		/* from NQAP until the reply is ready */
	uint64_t handovers;		/* number of dirty handovers */
};

/*
 * Give the queue and the machine a new revision, because the state of the queue
 * (its users, a ZAPQ in progress, its domain) has changed. The functions below
 * do this themselves. A caller that changes the domain calls this afterwards.
 */
void queue_touch(struct queue *queue);

/*
 * Note that a VM may have left something in the queue: it is the queue's user, or
 * the queue interrupts it, so that machine_each_held_queue_of() visits it. The
 * functions below do this themselves. A caller that sets either calls this
 * afterwards.
 */
void queue_hold(struct queue *queue);

/*
 * Give the domain the current master keys of its machine's model, if that has
 * any.
 */
void queue_take_model(struct queue *queue);

/*
 * queue_new() makes a queue that has a domain with random master keys, or with
 * those of the model. It returns NULL with errno set to ENOMEM if memory or
 * random numbers are lacking. The caller frees the queue by queue_free(), which
 * accepts NULL.
 */
struct queue *queue_new(struct adapter *adapter, uint16_t apqn);
void queue_free(struct queue *queue);

/*
 * Bring the queue to @now: end a reset whose time is over. Return the response
 * code that the state of the queue gives to any instruction, or AP_RC_NORMAL.
 */
enum ap_rc queue_update(struct queue *queue, uint64_t now);

/* Return the status word of an instruction of @user that ended with @rc. */
uint32_t queue_status(const struct queue *queue, uint64_t user, enum ap_rc rc);

/*
 * Enqueue a copy of @message for @client, which must stay valid until its
 * requests are gone. Return a response code. The queue is also full
 * (AP_RC_Q_FULL) when the requests of @client hold as much memory as they may,
 * or when there is no memory.
 */
enum ap_rc queue_enqueue(struct queue *queue, uint64_t now,
			 struct client *client, uint64_t psmid,
			 const void *message, size_t length);

/*
 * Copy the next part of a reply, of at most @room bytes, to @out. A reply that is
 * or was shown to another VM is not for @user (shelf.h). @length is set to the
 * length of the part, and @left to what remains of the reply after it. @psmid is
 * set with the last part only. Return a response code; unless it is
 * AP_RC_NORMAL, nothing is set.
 */
enum ap_rc queue_dequeue(struct queue *queue, uint64_t now, uint64_t user,
			 void *out, size_t room, size_t *length, size_t *left,
			 uint64_t *psmid);

/* Begin a RAPQ, or a ZAPQ if @zeroize is set. Return a response code. */
enum ap_rc queue_reset(struct queue *queue, uint64_t now, bool zeroize);

/*
 * Begin the ZAPQ that the machine itself does. It begins in any state of the
 * queue and of its adapter, and no fault strikes it.
 */
void queue_zeroize(struct queue *queue, uint64_t now);

/*
 * Have each reply that becomes ready interrupt the VM @user, whose indicator
 * byte is at @indicator, or no VM if @user is 0. Return a response code.
 */
enum ap_rc queue_set_irq(struct queue *queue, uint64_t now, uint64_t user,
			 uint64_t indicator);

/*
 * queue_start() takes the first waiting request for a worker, or returns NULL
 * if none waits. The worker returns it by queue_finish() with its reply, which
 * is copied; @request is not valid afterwards. queue_finish() returns whether
 * the queue has a reply by that: it has none if the request is a stray or the
 * reply is lost.
 */
struct request *queue_start(struct queue *queue);
bool queue_finish(struct request *request, uint64_t now, const void *reply,
		  size_t length);

/* Return whether a reply is or was shown to a VM, and is not for others. */
bool queue_has_shown(const struct queue *queue);

/* Return the client of the first waiting request, or NULL if none waits. */
struct client *queue_next_client(const struct queue *queue);

/*
 * queue_drop_all() drops all requests and replies, queue_drop_of() those that
 * @user enqueued, and queue_drop() one. None of them changes which VM the queue
 * interrupts.
 */
void queue_drop(struct request *request);
void queue_drop_all(struct queue *queue);
void queue_drop_of(struct queue *queue, uint64_t user);

/*
 * Do what happens to a queue whose adapter goes out of operation: it loses
 * everything but its user.
 */
void queue_stop(struct queue *queue);

/*
 * Record that @user reaches the queue, as it also does by enqueueing a request
 * or dequeueing a reply. This is a dirty handover if the queue holds leftovers
 * of another user. It counts once, however often @user reaches the queue in
 * succession.
 */
void queue_reach(struct queue *queue, uint64_t now, uint64_t user);

#endif /* CEX_QUEUE_H */
