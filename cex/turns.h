/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which workers take requests. VMs take turns, and within a VM its
 * queues take turns. So another VM waits only for the requests that are running
 * and for its own share, however many queues a VM keeps full and whatever its
 * requests cost.
 *
 * Turns are weighed by the time that they take (fair queueing). Each VM has a
 * time of its own, which advances by what the workers spend on its requests.
 * The next turn is that of the VM whose next request would end first by that
 * time. A VM for which nothing has waited begins where the others stand, so
 * that it does not save up time that it did not use. How long a request will
 * take is not known in advance. It is estimated from the recent requests of the
 * VM, and the estimate is corrected when the request has ended.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_TURNS_H
#define CEX_TURNS_H

#include "client.h"
#include "queue.h"

struct turns {
	TAILQ_HEAD(turn_list, client) clients;	/* whose requests wait */
	uint64_t time;			/* at which the last turn began */
};

void turns_init(struct turns *turns);

/*
 * List @queue under the client of its first waiting request, or remove it from
 * the list if none waits.
 */
void turns_offer(struct turns *turns, struct queue *queue);

/*
 * Take the next request, or return NULL if none waits. @expected is set to the
 * estimated time in nanoseconds, for turns_charge().
 */
struct request *turns_take(struct turns *turns, uint64_t *expected);

/*
 * Correct the time of @client, whose request was estimated to take @expected ns
 * and took @took ns.
 */
void turns_charge(struct client *client, uint64_t expected, uint64_t took);

/*
 * Remove @client, which is about to be freed and whose requests are dropped,
 * from the lists.
 */
void turns_leave(struct turns *turns, struct client *client);

#endif /* CEX_TURNS_H */
