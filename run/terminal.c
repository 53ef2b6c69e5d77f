// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "options.h"

static struct termios before;
static bool taken;

/*
 * A command whose input is not a terminal gets no terminal, so that `swcex run
 * CMD <FILE` ends.
 */
int terminal_streams(const struct options *options)
{
	int streams = 0;

	if (options->tty)
		return 7;
	if (options->no_tty || !isatty(0) || !isatty(1))
		return 0;
	for (int i = 0; i < 3; i++)
		streams |= isatty(i) << i;
	return streams;
}

bool terminal_window(uint8_t *payload)
{
	struct winsize size;

	for (int fd = 0; fd < 3; fd++) {
		if (ioctl(fd, TIOCGWINSZ, &size))
			continue;
		payload[0] = size.ws_row >> 8;
		payload[1] = size.ws_row;
		payload[2] = size.ws_col >> 8;
		payload[3] = size.ws_col;
		return true;
	}
	return false;
}

void terminal_take(void)
{
	struct termios raw;

	if (tcgetattr(0, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	taken = !tcsetattr(0, TCSADRAIN, &raw);
}

void terminal_give_back(void)
{
	if (taken)
		tcsetattr(0, TCSADRAIN, &before);
	taken = false;
}
