/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the guest's console is: on stdin and stdout, at a pseudoterminal, or
 * nowhere.
 *
 * A program that opens the pseudoterminal sees what the guest writes from then
 * on. Output that nobody reads is kept up to a limit and then lost, so that a
 * console blocks neither its guest nor its monitors.
 */
#ifndef FRONTEND_CONSOLE_H
#define FRONTEND_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_KEPT	65536

/*
 * @in and @out are -1 if nobody is connected. @master and @opened are -1 if
 * there is no pseudoterminal. @opened becomes readable when somebody opens the
 * pseudoterminal @path.
 */
struct console {
	int in, out;
	int master, opened;
	char path[64];
	size_t sent, filled;
	uint8_t kept[CONSOLE_KEPT];
};

/*
 * Open the console at @place: "stdio", "pty" or "none". Report errors and
 * return false.
 */
bool console_open(struct console *console, const char *place);
void console_close(struct console *console);

/*
 * Return whether the console is a pseudoterminal, which console_put() requires.
 */
bool console_is_pty(const struct console *console);

/* Handle that somebody has opened the pseudoterminal, or has closed it. */
void console_take_opening(struct console *console);
void console_leave(struct console *console);

/*
 * Store what the guest has written, and write as much of it as the
 * pseudoterminal accepts.
 */
void console_put(struct console *console, const uint8_t *bytes, size_t length);
bool console_has_more(const struct console *console);
void console_flush(struct console *console);

#endif /* FRONTEND_CONSOLE_H */
