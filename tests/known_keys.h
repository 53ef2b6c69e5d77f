/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Master keys that are the same in every run: what a unit test wrapped under them
 * is of use to a fuzz test.
 */
#ifndef TESTS_KNOWN_KEYS_H
#define TESTS_KNOWN_KEYS_H

#include <string.h>

#include "card/domain.h"

/* The current master keys of @domain, of all kinds. False: no memory. */
static inline bool known_keys(struct domain *domain)
{
	uint8_t key[MASTER_KEY_MAX];
	bool done = true;

	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++) {
		memset(key, 0x11 * (kind + 1), sizeof(key));
		done &= domain_restore(domain, kind, MASTER_KEY_CURRENT,
				       MASTER_KEY_FULL, key);
	}
	return done;
}

#endif /* TESTS_KNOWN_KEYS_H */
