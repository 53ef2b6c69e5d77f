// SPDX-License-Identifier: GPL-2.0-only
#include "taking.h"

/* A test that explores the interleavings of both sides defines these. */
#ifndef SHELF_LOAD
#define SHELF_LOAD(from)	(*(from))
#endif

/*
 * What the VM has read of a queue, and may be wrong until the sequence number
 * was read again.
 *
 * @count: requests and replies, without those that the VM has taken
 * @ready: how many of them are replies
 * @first: the first of these, if there is one
 */
struct sight {
	struct shelf_head head;
	unsigned int count;
	unsigned int ready;
	struct shelf_reply first;
};

void taking_open(struct taking *taking, const struct ap_shelf *shelf)
{
	*taking = (struct taking){ .shelf = shelf };
}

void taking_close(struct taking *taking)
{
	*taking = (struct taking){ 0 };
}

static void see_reply(const struct taking *taking, struct sight *sight,
		      struct shelf_reply reply)
{
	if (taking->taken & SHELF_BIT(reply.slot % SHELF_SLOTS))
		sight->count--;
	else if (!sight->ready++)
		sight->first = reply;
}

static void see(const struct taking *taking, const struct ap_shelf_line *line,
		struct sight *sight)
{
	*sight = (struct sight){
		.head = shelf_head_of(SHELF_LOAD(&line->head)),
	};
	sight->count = sight->head.count;
	for (unsigned int i = 0; i < sight->head.replies && i < SHELF_REPLIES; i++)
		see_reply(taking, sight, shelf_reply_of(SHELF_LOAD(&line->reply[i])));
}

/* A length that the machine refuses, and a reply in parts, are its business. */
static bool is_whole(const struct sight *sight, const struct ap_command *command)
{
	const struct shelf_head *head = &sight->head;
	uint64_t room = command->arg[0];

	if (!(head->flags & SHELF_VALID) || head->apqn != command->apqn ||
	    !room || room > head->room)
		return false;
	return !sight->ready || (sight->first.length <= room &&
				 sight->first.length <= SHELF_ROOM &&
				 sight->first.slot < SHELF_SLOTS);
}

static uint32_t status_of(const struct sight *sight)
{
	unsigned int count = sight->count, ready = sight->ready;
	uint32_t status = ready ? 0 : AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY);

	if (ready) {
		count--;
		ready--;
	}
	if (!count)
		status |= AP_STATUS_QUEUE_EMPTY;
	if (count >= sight->head.depth)
		status |= AP_STATUS_QUEUE_FULL;
	if (ready)
		status |= AP_STATUS_REPLIES_WAITING;
	if (sight->head.flags & SHELF_IRQ)
		status |= AP_STATUS_IRQ_ENABLED;
	return status;
}

/* @out has room for whole words: AP_MESSAGE_MAX is greater than SHELF_ROOM. */
static void copy(const struct ap_shelf_slot *slot, size_t length,
		 struct ap_result *result, uint8_t *out)
{
	result->length = length;
	result->psmid = SHELF_LOAD(&slot->psmid);
	for (size_t at = 0; at < length; at += sizeof(uint64_t)) {
		uint64_t word = SHELF_LOAD(&slot->word[at / sizeof(word)]);

		memcpy(out + at, &word, sizeof(word));
	}
}

static bool may_answer(const struct taking *taking, const struct sight *sight,
		       uint64_t now)
{
	return now - taking->heard < (sight->ready ? TAKING_REPLY_NANOSECONDS :
						     TAKING_NANOSECONDS);
}

bool taking_answer(struct taking *taking, const struct ap_command *command,
		   uint64_t now, struct ap_result *result, void *out)
{
	const struct ap_shelf_line *line;
	uint64_t sequence;
	struct sight sight;

	if (!taking->shelf || command->op != AP_OP_DQAP)
		return false;
	line = &taking->shelf->line[shelf_line_of(command->apqn)];
	sequence = SHELF_LOAD(&line->sequence);
	if (sequence & 1)
		return false;
	see(taking, line, &sight);
	if (!is_whole(&sight, command) || !may_answer(taking, &sight, now))
		return false;
	*result = (struct ap_result){ .status = status_of(&sight) };
	if (sight.ready)
		copy(&taking->shelf->slot[sight.first.slot], sight.first.length,
		     result, out);
	if (SHELF_LOAD(&line->sequence) != sequence)
		return false;
	if (sight.ready)
		taking->taken |= SHELF_BIT(sight.first.slot);
	return true;
}

void taking_said(struct taking *taking, uint64_t now)
{
	taking->taken = 0;
	taking->heard = now;
}
