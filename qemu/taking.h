/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replies that the VM takes from its shelf (abi/shelf.h).
 *
 * The VM's answer to a DQAP is the machine's at a moment during the call. That
 * there is no reply is answered here only for TAKING_NANOSECONDS after the
 * machine has last answered, so that a VM which only polls notices when the
 * machine is gone. A reply is taken only for TAKING_REPLY_NANOSECONDS after that:
 * a machine that hangs cannot withdraw it, and GUEST_MASKS of an LPAR that waits
 * longer than this in vain is in force when it returns. The caller serializes
 * calls.
 */
#ifndef QEMU_TAKING_H
#define QEMU_TAKING_H

#include <stdbool.h>

#include "abi/shelf.h"

#define TAKING_NANOSECONDS		20000000
#define TAKING_REPLY_NANOSECONDS	1000000000

/*
 * @shelf: NULL if there is none; every DQAP is sent then
 * @taken: the slots that the VM has taken from since its last command
 * @heard: when the machine has last answered a command, or the VM has attached
 */
struct taking {
	const struct ap_shelf *shelf;
	uint64_t taken;
	uint64_t heard;
};

/*
 * taking_open() begins to take from @shelf. taking_close() ends that; what the
 * VM has not said yet is forgotten with the queues, which are empty afterwards.
 */
void taking_open(struct taking *taking, const struct ap_shelf *shelf);
void taking_close(struct taking *taking);

/*
 * Return whether @command need not be sent. @result and @out, which has room for
 * AP_MESSAGE_MAX bytes, are then its answer; otherwise, they may have changed.
 */
bool taking_answer(struct taking *taking, const struct ap_command *command,
		   uint64_t now, struct ap_result *result, void *out);

/*
 * Note that the machine has answered a command that said what was taken, or has
 * accepted the VM.
 */
void taking_said(struct taking *taking, uint64_t now);

#endif /* QEMU_TAKING_H */
