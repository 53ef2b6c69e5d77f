/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal of the front end, if stdin is one. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>

/*
 * Let every key through to the guest until this program exits. Does nothing,
 * and returns false, if stdin is not a terminal that this program may use.
 */
bool terminal_make_raw(void);

#endif /* TERMINAL_H */
