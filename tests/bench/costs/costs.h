/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bare-metal programs that show what something costs in QEMU.
 */
#ifndef COSTS_H
#define COSTS_H

#include "tests/bare/bare.h"

/*
 * Say three times how many nanoseconds a round takes with what costs, and
 * without it, which is otherwise the same: "NAME: WITH WITHOUT".
 */
void compare(const char *name, void (*with)(void), void (*without)(void));

#endif /* COSTS_H */
