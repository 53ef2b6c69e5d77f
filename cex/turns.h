/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In which order workers take requests: VMs take turns, and the queues of one
 * VM take turns within it. So however many queues a VM keeps full, and whatever
 * its requests cost, another VM waits for those that are running, and for its
 * own share.
 *
 * Turns are weighed by the time that they take (fair queueing): each VM has a
 * time of its own, which advances by what the workers spend on its requests,
 * and the VM whose next request would end first by that time is the next. A VM
 * for which nothing has waited begins where the others stand: time that it did
 * not use is not saved up. What a request will take is not known before, so it
 * is taken for what the VM's requests took of late, and made good afterwards.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_TURNS_H
#define CEX_TURNS_H

#include "client.h"
#include "queue.h"

struct turns {
	TAILQ_HEAD(turn_list, client) clients;	/* for whom a request waits */
	uint64_t time;			/* where the last turn began */
};

void turns_init(struct turns *turns);

/* A request waits in @queue, or none does any more: it is listed accordingly. */
void turns_offer(struct turns *turns, struct queue *queue);

/*
 * Take the next request; NULL when none waits. @expected is what it was taken
 * for, to be told to turns_charge().
 */
struct request *turns_take(struct turns *turns, uint64_t *expected);

/* A request of @client, which was taken for @expected ns, took @took ns. */
void turns_charge(struct client *client, uint64_t expected, uint64_t took);

/* No request of @client is left: it is about to go. */
void turns_leave(struct turns *turns, struct client *client);

#endif /* CEX_TURNS_H */
