/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM as its requests see it: whose they are, how much memory they hold, and
 * its turn of the workers (turns.h).
 *
 * A VM decides how many requests wait and how large they are, so what they hold
 * is bounded, with room for their replies: of one VM by CLIENT_MEMORY_MAX; of
 * all VMs by MEMORY_MAX, beyond which a VM still has CLIENT_MEMORY_SHARE, so
 * that others cannot take all from it. A request that is beyond the bounds finds
 * its queue full.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_CLIENT_H
#define CEX_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define CLIENT_MEMORY_MAX	(UINT64_C(64) << 20)
#define CLIENT_MEMORY_SHARE	(UINT64_C(256) << 10)
#define MEMORY_MAX		(UINT64_C(512) << 20)

/* What the requests of all VMs hold. */
struct memory {
	uint64_t held;
};

struct queue;

struct client {
	uint64_t id;
	struct memory *memory;
	uint64_t held;
	TAILQ_ENTRY(client) link;	/* those whose requests wait */
	TAILQ_HEAD(client_queues, queue) queues;	/* where they wait */
	uint64_t time;			/* where its next turn stands */
	uint64_t cost;			/* what one of its requests takes, in ns */
};

void client_init(struct client *client, uint64_t id, struct memory *memory);

/* Returns 0, or -ENOSPC: @bytes more would be too many. */
int client_hold(struct client *client, size_t bytes);
void client_release(struct client *client, size_t bytes);

#endif /* CEX_CLIENT_H */
