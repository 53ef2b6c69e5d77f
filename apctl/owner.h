/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Owners of queues.
 */
#ifndef APCTL_OWNER_H
#define APCTL_OWNER_H

#include "grid.h"
#include "machine.h"

/*
 * Return the owner in one or two words, which the caller frees, such as "host",
 * "free" or "db1*". This is "" if the queue does not exist and is assigned to
 * no device.
 */
char *owner_text(const struct machine *machine, unsigned int apqn, enum style *style);

/* Return the owner as one word of the vocabulary for scripts, see apctl(8). */
const char *owner_word(const struct machine *machine, unsigned int apqn);

/* Return the trouble of an adapter in one word, or "" if it has none. */
const char *adapter_state(const struct adapter *adapter);

#endif
