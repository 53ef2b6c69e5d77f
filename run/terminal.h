/* SPDX-License-Identifier: GPL-2.0-only */
/* The caller's terminal, which is passed to the command. */
#ifndef RUN_TERMINAL_H
#define RUN_TERMINAL_H

#include <stdint.h>

struct options;

/*
 * Return which of the command's streams are a terminal, as the sum of
 * RUN_START.
 */
int terminal_streams(const struct options *options);

/*
 * Store the size of the terminal's window, in the form of RUN_WINDOW. Return
 * false without a terminal.
 */
_Bool terminal_window(uint8_t *payload);

/*
 * terminal_take() makes every key reach the command; terminal_give_back()
 * restores the terminal.
 */
void terminal_take(void);
void terminal_give_back(void);

#endif /* RUN_TERMINAL_H */
