// SPDX-License-Identifier: GPL-2.0-only
#include "attachment_state.h"

#define EVENTS	(ATTACHMENT_DISMISSED + 1)

/*
 * Rows are states, columns are events in the order of their enumeration. An
 * event that is late changes nothing: the end of a connection that was already
 * closed, or the end of a wait when swcexd has just been found.
 */
#define S	ATTACHMENT_SEEKING
#define A	ATTACHMENT_ATTACHED
#define W	ATTACHMENT_ABSENT
#define R	ATTACHMENT_REFUSED
static const enum attachment_state table[][EVENTS] = {
	/*			FOUND	ENDED	SILENT	WAITED	DISMISSED */
	[ATTACHMENT_SEEKING] = { A,	S,	S,	W,	R },
	[ATTACHMENT_ATTACHED] = { A,	S,	W,	A,	A },
	[ATTACHMENT_ABSENT] = {	A,	W,	W,	W,	R },
	[ATTACHMENT_REFUSED] = { R,	R,	R,	R,	R },
};
#undef S
#undef A
#undef W
#undef R

enum attachment_state attachment_after(enum attachment_state state,
				       enum attachment_event event)
{
	return table[state][event];
}

bool attachment_is_awaited(enum attachment_state state)
{
	return state == ATTACHMENT_SEEKING;
}

bool attachment_is_without(enum attachment_state state)
{
	return state == ATTACHMENT_ABSENT || state == ATTACHMENT_REFUSED;
}
