// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "bytes/stack.h"
#include "card/cpacf.h"
#include "changes.h"
#include "measurement.h"
#include "pool.h"

struct pool {
	struct cex_machine *machine;
	bool stopping;
	unsigned int threads;
	pthread_t thread[];
};

void pool_offer(struct pool *pool, struct queue *queue)
{
	turns_offer(&pool->machine->turns, queue);
	machine_offer(pool->machine);
}

/*
 * The request has a copy of the domain, because the domain may change while the
 * request is processed. Keys that this leaves on the stack are wiped at its
 * end.
 */
static size_t answer(struct pool *pool, const struct request *request,
		     uint8_t *reply)
{
	const struct firmware *firmware = request->queue->adapter->firmware;
	struct domain domain = request->queue->domain;
	size_t length;

	cpacf_serve(request->user);
	machine_unlock(pool->machine);
	length = firmware->answer(&domain, request->data, request->length,
				  reply);
	stack_wipe();
	domain_wipe(&domain);
	machine_lock(pool->machine);
	return length;
}

static void tell_if_changed(const struct request *request,
			    const struct queue *queue,
			    const struct domain *before)
{
	if (CRYPTO_memcmp(before->keys, queue->domain.keys,
			  sizeof(before->keys)))
		observer_tell(queue->adapter->observer, &(struct cex_event){
			.kind = CEX_MASTER_KEYS_CHANGED,
			.apqn = queue->apqn,
			.vm = vm_index(request->user),
		});
}

/*
 * Prepare a command that its sender may give; others cost nothing. Return false
 * if the request was dropped while the lock was released.
 */
static bool prepare(struct pool *pool, const struct request *request, int number)
{
	const struct adapter *adapter = request->queue->adapter;
	const struct firmware *firmware = adapter->firmware;

	if (!firmware->prepare ||
	    !vm_controlled(pool->machine, request->user, adapter, number))
		return true;
	machine_unlock(pool->machine);
	firmware->prepare(request->data, request->length);
	machine_lock(pool->machine);
	return request->queue;
}

/*
 * The ADM of the sender counts when its command is carried out, not when it was
 * enqueued, because masks are in force at once.
 */
static size_t administer(struct pool *pool, const struct request *request,
			 int number, uint8_t *reply)
{
	const struct adapter *adapter;
	struct domain before = { 0 }, *domain;
	size_t length;

	if (!prepare(pool, request, number))
		return 0;
	adapter = request->queue->adapter;
	domain = vm_controlled(pool->machine, request->user, adapter, number);
	if (domain)
		before = *domain;
	length = adapter->firmware->administer(domain, request->data,
					       request->length, reply);
	stack_wipe();
	/* The domain is saved, and before the reply that tells of it. */
	if (domain) {
		queue_touch(adapter->queue[number]);
		queue_touch(request->queue);
		tell_if_changed(request, adapter->queue[number], &before);
	}
	domain_wipe(&before);
	return length;
}

static void tell_if_unknown(struct pool *pool, const struct request *request)
{
	const struct adapter *adapter = request->queue->adapter;
	struct cex_event event = {
		.kind = CEX_VERB_UNKNOWN,
		.apqn = request->queue->apqn,
		.vm = vm_index(request->user),
	};

	if (adapter->firmware->lacks_verb &&
	    adapter->firmware->lacks_verb(request->data, request->length,
					  &event.verb) &&
	    told_add(&pool->machine->told, event.verb.name))
		observer_tell(adapter->observer, &event);
}

static int target_domain(const struct request *request)
{
	const struct firmware *firmware = request->queue->adapter->firmware;

	if (!firmware->target_domain)
		return -1;
	return firmware->target_domain(request->data, request->length);
}

static int counter_of(const struct request *request)
{
	return request->queue->adapter->firmware->counter(request->data,
							  request->length);
}

static void serve(struct pool *pool, struct request *request, uint64_t start)
{
	int number = target_domain(request), counter = counter_of(request);
	uint8_t reply[AP_MESSAGE_MAX];
	struct queue *queue;
	size_t length;
	bool ready;

	tell_if_unknown(pool, request);
	if (number < 0)
		length = answer(pool, request, reply);
	else
		length = administer(pool, request, number, reply);
	queue = request->queue;
	ready = queue_finish(request, machine_now(), reply, length);
	/* A reply that is lost counts, too: the queue has a request less. */
	if (queue) {
		changes_count(pool->machine, queue);
		measurement_count(queue, counter, machine_now() - start);
	}
	if (ready)
		changes_reply_ready(pool->machine, queue);
	OPENSSL_cleanse(reply, length);
}

/*
 * A VM that has dropped the request meanwhile, by a reset for instance, is
 * charged for it all the same.
 */
static void charge(struct pool *pool, uint64_t user, uint64_t expected,
		   uint64_t took)
{
	struct cex_vm *vm = vm_find(pool->machine, user);

	if (vm)
		turns_charge(&vm->client, expected, took);
}

/*
 * The lock is released in between, so that a VM whose reply is ready is woken
 * before the next request is begun.
 */
static bool serve_next(struct pool *pool)
{
	uint64_t expected, start = machine_now(), user;
	struct request *request = turns_take(&pool->machine->turns, &expected);

	if (!request)
		return false;
	user = request->user;
	serve(pool, request, start);
	charge(pool, user, expected, machine_now() - start);
	machine_unlock(pool->machine);
	machine_lock(pool->machine);
	return true;
}

static void *worker(void *opaque)
{
	struct pool *pool = opaque;

	machine_lock(pool->machine);
	while (!pool->stopping)
		if (!serve_next(pool))
			pthread_cond_wait(&pool->machine->offered,
					  &pool->machine->lock);
	machine_unlock(pool->machine);
	return NULL;
}

/*
 * Signals are for the threads of the program that made the machine, so all of
 * them are blocked in these threads.
 */
static int start(struct pool *pool, unsigned int threads)
{
	sigset_t all, old;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (!error && pool->threads < threads) {
		error = pthread_create(&pool->thread[pool->threads], NULL,
				       worker, pool);
		if (!error)
			pool->threads++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return error;
}

struct pool *pool_new(struct cex_machine *machine, unsigned int threads)
{
	struct pool *pool;
	int error;

	if (!threads)
		threads = sysconf(_SC_NPROCESSORS_ONLN);
	pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->thread[0]));
	if (!pool)
		return NULL;
	pool->machine = machine;
	error = start(pool, threads);
	if (error) {
		pool_free(pool);
		errno = error;
		return NULL;
	}
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	machine_lock(pool->machine);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->machine->offered);
	machine_unlock(pool->machine);
	for (unsigned int i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	free(pool);
}
