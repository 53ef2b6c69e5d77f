/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal of the front end, if stdin is one. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>

/*
 * Pass all keys through to the guest until this program exits. Do nothing and
 * return false if stdin is not a terminal that this program may use.
 */
bool terminal_make_raw(void);

#endif /* TERMINAL_H */
