/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the guest's console is: on stdin and stdout, at a pseudoterminal, or nowhere.
 *
 * Who opens the pseudoterminal sees what the guest writes from then on. What nobody reads is
 * kept up to a bound and then lost: a console holds up neither its guest nor its monitors.
 */
#ifndef FRONTEND_CONSOLE_H
#define FRONTEND_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_KEPT	65536

/*
 * @in and @out are -1 if nobody is there. @master and @opened, which can be read when somebody
 * opens the pseudoterminal @path, are -1 if there is none.
 */
struct console {
	int in, out;
	int master, opened;
	char path[64];
	size_t sent, filled;
	uint8_t kept[CONSOLE_KEPT];
};

/* @place: "stdio", "pty" or "none". Reports what fails. */
bool console_open(struct console *console, const char *place);
void console_close(struct console *console);

/* Is it a pseudoterminal, for which console_put() is? */
bool console_is_pty(const struct console *console);

/* Somebody has opened the pseudoterminal, or the one who had it has left. */
void console_take_opening(struct console *console);
void console_leave(struct console *console);

/* Keep what the guest has written, and write what is kept as far as it is taken. */
void console_put(struct console *console, const uint8_t *bytes, size_t length);
bool console_has_more(const struct console *console);
void console_flush(struct console *console);

#endif /* FRONTEND_CONSOLE_H */
