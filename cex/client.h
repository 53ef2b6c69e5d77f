/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM as its requests see it: its id, how much memory its requests hold, and
 * its turn of the workers (turns.h).
 *
 * A VM decides how many requests wait and how large they are. So the memory
 * that requests hold, with room for their replies, is bounded: by
 * CLIENT_MEMORY_MAX for one VM, and by MEMORY_MAX for all VMs. Beyond
 * MEMORY_MAX, each VM still has CLIENT_MEMORY_SHARE, so that others cannot take
 * all memory from it. A VM whose request exceeds the bounds finds its queue
 * full.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_CLIENT_H
#define CEX_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define CLIENT_MEMORY_MAX	(UINT64_C(64) << 20)
#define CLIENT_MEMORY_SHARE	(UINT64_C(256) << 10)
#define MEMORY_MAX		(UINT64_C(512) << 20)

/* How many bytes the requests of all VMs hold. */
struct memory {
	uint64_t held;
};

struct queue;
struct shelf;

/* @shelf: where the VM is shown its replies (shelf.h) */
struct client {
	uint64_t id;
	struct memory *memory;
	uint64_t held;
	TAILQ_ENTRY(client) link;	/* among clients whose requests wait */
	TAILQ_HEAD(client_queues, queue) queues;	/* where they wait */
	uint64_t time;			/* at which its next turn begins */
	uint64_t cost;			/* estimate for one request, in ns */
	struct shelf *shelf;
};

void client_init(struct client *client, uint64_t id, struct memory *memory);

/*
 * client_hold() counts @bytes more for @client. It returns 0, or -ENOSPC if
 * they would exceed the bounds. client_release() takes them back.
 */
int client_hold(struct client *client, size_t bytes);
void client_release(struct client *client, size_t bytes);

#endif /* CEX_CLIENT_H */
