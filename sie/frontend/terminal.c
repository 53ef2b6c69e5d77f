// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;

static void restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* A program in the background is stopped if it accesses the terminal. */
bool terminal_make_raw(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &before) || atexit(restore))
		return false;
	raw = before;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST;
	return !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}
