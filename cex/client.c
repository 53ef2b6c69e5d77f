// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "client.h"

void client_init(struct client *client, uint64_t id, struct memory *memory)
{
	*client = (struct client){ .id = id, .memory = memory };
	TAILQ_INIT(&client->queues);
}

int client_hold(struct client *client, size_t bytes)
{
	uint64_t held = client->held + bytes, all = client->memory->held + bytes;

	if (held > CLIENT_MEMORY_MAX ||
	    (all > MEMORY_MAX && held > CLIENT_MEMORY_SHARE))
		return -ENOSPC;
	client->held = held;
	client->memory->held = all;
	return 0;
}

void client_release(struct client *client, size_t bytes)
{
	client->held -= bytes;
	client->memory->held -= bytes;
}
