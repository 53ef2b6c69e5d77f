// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include "report.h"

static bool fail(void)
{
	return report("no pseudoterminal for the console: %s", strerror(errno));
}

/*
 * Make bytes pass unchanged. The other end is closed again, so that the master
 * indicates from then on whether somebody has it open.
 */
static bool make_raw(const char *path)
{
	int end = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios raw;
	bool made;

	if (end < 0)
		return false;
	made = !tcgetattr(end, &raw);
	if (made) {
		cfmakeraw(&raw);
		made = !tcsetattr(end, TCSANOW, &raw);
	}
	close(end);
	return made;
}

static bool open_pty(struct console *console)
{
	console->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (console->master < 0 || grantpt(console->master) || unlockpt(console->master) ||
	    ptsname_r(console->master, console->path, sizeof(console->path)) ||
	    !make_raw(console->path))
		return fail();
	console->opened = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return (console->opened >= 0 &&
		inotify_add_watch(console->opened, console->path, IN_OPEN) >= 0) || fail();
}

bool console_open(struct console *console, const char *place)
{
	console->in = console->out = console->master = console->opened = -1;
	console->sent = console->filled = 0;
	if (!strcmp(place, "pty"))
		return open_pty(console);
	if (!strcmp(place, "stdio")) {
		console->in = STDIN_FILENO;
		console->out = STDOUT_FILENO;
	}
	return true;
}

void console_close(struct console *console)
{
	if (console->opened >= 0)
		close(console->opened);
	if (console->master >= 0)
		close(console->master);
	console->in = console->out = console->master = console->opened = -1;
}

bool console_is_pty(const struct console *console)
{
	return console->master >= 0;
}

void console_take_opening(struct console *console)
{
	char events[1024];

	while (read(console->opened, events, sizeof(events)) > 0)
		;
	console->in = console->out = console->master;
}

/* Stored output is kept for the next reader. */
void console_leave(struct console *console)
{
	console->in = console->out = -1;
}

/* If there is no room, new output replaces the oldest. */
void console_put(struct console *console, const uint8_t *bytes, size_t length)
{
	size_t kept = console->filled - console->sent, lost;

	memmove(console->kept, console->kept + console->sent, kept);
	console->sent = 0;
	if (kept + length > CONSOLE_KEPT) {
		lost = kept + length - CONSOLE_KEPT;
		kept -= lost;
		memmove(console->kept, console->kept + lost, kept);
	}
	memcpy(console->kept + kept, bytes, length);
	console->filled = kept + length;
}

bool console_has_more(const struct console *console)
{
	return console->out >= 0 && console->filled > console->sent;
}

void console_flush(struct console *console)
{
	ssize_t length = write(console->out, console->kept + console->sent,
			       console->filled - console->sent);

	if (length > 0)
		console->sent += length;
	else if (length < 0 && errno != EAGAIN && errno != EINTR)
		console_leave(console);
}
