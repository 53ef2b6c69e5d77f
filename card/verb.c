// SPDX-License-Identifier: GPL-2.0-only
#include "verb.h"

static bool is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~' && byte != '\'';
}

void verb_print(char *text, size_t room, struct slice bytes)
{
	size_t length = bytes.length < room ? bytes.length : room - 1;

	for (size_t i = 0; i < length; i++)
		text[i] = is_printable(bytes.at[i]) ? bytes.at[i] : '.';
	text[length] = '\0';
}
