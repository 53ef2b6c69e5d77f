/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VM's console. Its output is written to a file, up to a limit, and the end
 * of it is kept to show why the VM failed.
 */
#ifndef RUN_CONSOLE_H
#define RUN_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#define CONSOLE_FILE_MAX	(64 * 1024 * 1024)
#define CONSOLE_END		4096
#define CONSOLE_LINES		15

/* @fd is the console, and @file receives its output; -1 discards it. */
struct console {
	int fd, file;
	size_t written;
	size_t length;
	char end[CONSOLE_END];
};

/* Read the console's output. Return false at the end of it. */
bool console_serve(struct console *console);

/* Keep the end of the file @path, which another program writes. */
void console_load(struct console *console, const char *path);

/*
 * Print the last lines of the output on standard error, without control
 * characters.
 */
void console_show(const struct console *console);

#endif /* RUN_CONSOLE_H */
