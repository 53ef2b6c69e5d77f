/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An answer that is not given before the revision is saved that it rests upon.
 */
#ifndef DAEMON_HELD_H
#define DAEMON_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: none. */
struct held {
	uint64_t revision;
	size_t length;
	uint8_t *bytes;
};

/* Hold a copy of @length bytes. Returns 0 or -ENOMEM. */
int held_set(struct held *held, uint64_t revision, const void *bytes,
	     size_t length);

bool held_is_set(const struct held *held);

/* Wipe and free it, if there is one. */
void held_clear(struct held *held);

#endif /* DAEMON_HELD_H */
