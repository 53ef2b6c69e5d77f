/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a VM's attachment to swcexd stands.
 *
 * state		the VM
 * ATTACHED	is connected; instructions are sent to swcexd
 * SEEKING	has lost its connection; instructions wait for a new one
 * ABSENT	has waited in vain, and goes on without adapters; instructions
 *		do not wait, and swcexd is still looked for
 * REFUSED	is wanted by swcexd no more, and goes on without adapters
 *
 * event
 * FOUND	swcexd has taken the VM
 * ENDED	the connection has ended; the VM survives, and keeps its place
 * SILENT	swcexd has not answered in time, so the connection was cut
 * WAITED	an instruction has waited for a connection in vain
 * DISMISSED	swcexd has refused the VM for good
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

/* Returns the state after @event, which is @state where the event changes nothing. */
enum attachment_state attachment_after(enum attachment_state state,
				       enum attachment_event event);

/* Whether an instruction that finds @state waits for a change of it. */
bool attachment_is_awaited(enum attachment_state state);

/* Whether the VM has to do without adapters in @state. */
bool attachment_is_without(enum attachment_state state);

#endif /* QEMU_ATTACHMENT_STATE_H */
