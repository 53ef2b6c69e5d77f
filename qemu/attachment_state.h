/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a VM's attachment to swcexd.
 *
 * state	the VM
 * ATTACHED	is connected; instructions are sent to swcexd
 * SEEKING	has lost its connection; instructions wait for a new one
 * ABSENT	has waited too long, and continues without adapters;
 *		instructions do not wait, and swcexd is still looked for
 * REFUSED	was refused by swcexd, and continues without adapters
 *
 * event
 * FOUND	swcexd has accepted the VM
 * ENDED	the connection has ended; the VM survives, and keeps its place
 * SILENT	swcexd has not answered in time, so the connection was closed
 * WAITED	an instruction has waited for a connection until its time limit
 * DISMISSED	swcexd has refused the VM permanently
 */
#ifndef QEMU_ATTACHMENT_STATE_H
#define QEMU_ATTACHMENT_STATE_H

#include <stdbool.h>

enum attachment_state {
	ATTACHMENT_SEEKING,
	ATTACHMENT_ATTACHED,
	ATTACHMENT_ABSENT,
	ATTACHMENT_REFUSED,
};

enum attachment_event {
	ATTACHMENT_FOUND,
	ATTACHMENT_ENDED,
	ATTACHMENT_SILENT,
	ATTACHMENT_WAITED,
	ATTACHMENT_DISMISSED,
};

/* Return the state after @event. It is @state if the event changes nothing. */
enum attachment_state attachment_after(enum attachment_state state,
				       enum attachment_event event);

/* Return whether an instruction that finds @state waits for it to change. */
bool attachment_is_awaited(enum attachment_state state);

/* Return whether the VM has no adapters in @state. */
bool attachment_is_without(enum attachment_state state);

#endif /* QEMU_ATTACHMENT_STATE_H */
