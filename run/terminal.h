/* SPDX-License-Identifier: GPL-2.0-only */
/* The caller's terminal, which becomes the command's. */
#ifndef RUN_TERMINAL_H
#define RUN_TERMINAL_H

#include <stdint.h>

struct options;

/* Which of the command's streams are a terminal: the sum that RUN_START has. */
int terminal_streams(const struct options *options);

/* The size of its window, as RUN_WINDOW has it: false without a terminal. */
_Bool terminal_window(uint8_t *payload);

/* Have every key reach the command; and have the terminal be as it was. */
void terminal_take(void);
void terminal_give_back(void);

#endif /* RUN_TERMINAL_H */
