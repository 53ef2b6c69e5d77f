/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose a queue is.
 */
#ifndef APCTL_OWNER_H
#define APCTL_OWNER_H

#include "grid.h"
#include "machine.h"

/*
 * The owner in a word or two, which the caller frees: "host", "free", "db1*";
 * "" if there is no such queue and nobody waits for it.
 */
char *owner_text(const struct machine *machine, unsigned int apqn, enum style *style);

/* The same as one word of a script's vocabulary, see apctl(8). */
const char *owner_word(const struct machine *machine, unsigned int apqn);

/* What is wrong with an adapter, in a word; "" if nothing is. */
const char *adapter_state(const struct adapter *adapter);

#endif
