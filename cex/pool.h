/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads that work on requests.
 *
 * They take requests in the order of turns.h. Requests of one queue may run at
 * the same time on several threads.
 */
#ifndef CEX_POOL_H
#define CEX_POOL_H

#include <pthread.h>

#include "queue.h"

struct cex_machine;
struct pool;

/*
 * Start @threads threads (0: one per processor), which take the machine's lock
 * to look for work. NULL with errno set.
 */
struct pool *pool_new(struct cex_machine *machine, unsigned int threads);

/* A request waits in @queue. The caller holds the lock. */
void pool_offer(struct pool *pool, struct queue *queue);

/* Wait for the requests that are running, and end the threads. */
void pool_free(struct pool *pool);

#endif /* CEX_POOL_H */
