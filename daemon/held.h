/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An answer that is not sent before the revision that it depends on is saved.
 */
#ifndef DAEMON_HELD_H
#define DAEMON_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @bytes: the answer; NULL if none is held */
struct held {
	uint64_t revision;
	size_t length;
	uint8_t *bytes;
};

/*
 * Hold a copy of @length bytes until @revision is saved. Return 0 or -ENOMEM.
 */
int held_set(struct held *held, uint64_t revision, const void *bytes,
	     size_t length);

bool held_is_set(const struct held *held);

/* Wipe and free the answer, if one is held. */
void held_clear(struct held *held);

#endif /* DAEMON_HELD_H */
