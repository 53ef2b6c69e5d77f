/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VM's console: what it writes goes to a file, up to a bound, and its end is kept for
 * whoever has to understand why the VM did not do what it should.
 */
#ifndef RUN_CONSOLE_H
#define RUN_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#define CONSOLE_FILE_MAX	(64 * 1024 * 1024)
#define CONSOLE_END		4096
#define CONSOLE_LINES		15

/* @fd: the console; @file: where it is written, -1 for nowhere. */
struct console {
	int fd, file;
	size_t written;
	size_t length;
	char end[CONSOLE_END];
};

/* Read what the console has said. Returns false when it will say no more. */
bool console_serve(struct console *console);

/* Have its end be that of a file, which somebody else writes. */
void console_load(struct console *console, const char *path);

/* Print its last lines on standard error; control characters are left out. */
void console_show(const struct console *console);

#endif /* RUN_CONSOLE_H */
