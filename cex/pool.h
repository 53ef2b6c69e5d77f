/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads that process requests.
 *
 * They take requests in the order of turns.h. Several threads may process
 * requests of one queue at the same time.
 */
#ifndef CEX_POOL_H
#define CEX_POOL_H

#include <pthread.h>

#include "queue.h"

struct cex_machine;
struct pool;

/*
 * Start @threads threads, or one for each processor if @threads is 0. They take
 * the lock of @machine when they look for requests. Return NULL with errno set
 * if memory is lacking or a thread cannot be started.
 */
struct pool *pool_new(struct cex_machine *machine, unsigned int threads);

/*
 * Wake a thread for a request that waits in @queue. The caller holds the
 * machine's lock.
 */
void pool_offer(struct pool *pool, struct queue *queue);

/*
 * Wait for the requests that are running, end the threads and free @pool. NULL
 * is allowed. The caller does not hold the machine's lock.
 */
void pool_free(struct pool *pool);

#endif /* CEX_POOL_H */
