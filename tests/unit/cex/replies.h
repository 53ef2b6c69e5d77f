/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replies that a test makes itself, without the workers of the machine, so that
 * the order of what happens is the test's.
 */
#ifndef TESTS_CEX_REPLIES_H
#define TESTS_CEX_REPLIES_H

#include "cex/changes.h"
#include "machine.h"

#define REPLY_LENGTH	12	/* a word, and a part of one */

static inline enum ap_rc enqueue_with(struct cex_vm *vm, uint16_t apqn,
				      uint64_t psmid, size_t length)
{
	static const uint8_t request[AP_MESSAGE_MAX];
	struct queue *queue = machine_queue(machine, apqn);
	enum ap_rc rc;

	machine_lock(machine);
	rc = queue_enqueue(queue, machine_now(), &vm->client, psmid, request,
			   length);
	changes_count(machine, queue);
	machine_unlock(machine);
	return rc;
}

static inline enum ap_rc enqueue_of(struct cex_vm *vm, uint16_t apqn, uint64_t psmid)
{
	return enqueue_with(vm, apqn, psmid, 7);
}

static inline void fill_reply(uint8_t *reply, uint64_t psmid)
{
	memset(reply, 0xa0 + psmid, REPLY_LENGTH);
}

/* Finish the first request, with a reply of @length bytes. */
static inline void finish_with(uint16_t apqn, size_t length)
{
	struct queue *queue = machine_queue(machine, apqn);
	static uint8_t reply[AP_MESSAGE_MAX];
	struct request *request;

	machine_lock(machine);
	request = queue_start(queue);
	assert_non_null(request);
	fill_reply(reply, request->psmid);
	queue_finish(request, machine_now(), reply, length);
	changes_count(machine, queue);
	machine_unlock(machine);
}

static inline void reply_of(struct cex_vm *vm, uint16_t apqn, uint64_t psmid)
{
	assert_int_equal(enqueue_of(vm, apqn, psmid), AP_RC_NORMAL);
	finish_with(apqn, REPLY_LENGTH);
}

static inline void says(struct cex_vm *vm, uint64_t taken)
{
	execute(vm, (struct ap_command){ .op = AP_OP_TAKEN, .taken = taken }, NULL);
}

/* Return whether the memory of a VM contains a part of this reply. */
static inline bool is_visible(const struct ap_shelf *shelf, uint64_t psmid)
{
	const uint8_t *bytes = (const uint8_t *)shelf;
	uint8_t reply[REPLY_LENGTH];

	fill_reply(reply, psmid);
	for (size_t i = 0; i + 4 <= sizeof(*shelf); i += 4)
		if (!memcmp(bytes + i, reply, 4))
			return true;
	return false;
}

#endif /* TESTS_CEX_REPLIES_H */
