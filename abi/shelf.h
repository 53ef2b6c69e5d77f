/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replies that a VM takes without asking for them.
 *
 * swcexd lays replies of a VM into memory that only swcexd can write, the VM's
 * shelf. A line of it describes one queue: how many requests the queue holds,
 * and which slots contain its replies, in the order in which DQAP receives
 * them. All replies of the queue are there, or the line describes no queue.
 *
 * The sequence number of a line is odd while swcexd writes the line, and
 * greater afterwards. A slot changes only while no line names it. So a VM reads
 * the number, the line, the reply and the number again: if the two numbers are
 * the same and even, then what it has read is the state of the queue at the
 * moment of the last reading, and it may complete a DQAP as the machine would
 * have done at that moment. Otherwise it asks. It does not try again, so that
 * it never waits for swcexd, which may have ended.
 *
 * The next command of the VM says which slots it has taken (ap_command.taken);
 * until that has been answered, it does not take from them again. Until then the
 * queue holds the replies, and no other VM receives them.
 *
 * Every access is sequentially consistent.
 */
#ifndef ABI_SHELF_H
#define ABI_SHELF_H

#include <stdint.h>
#include <string.h>

#include "ap.h"

#define SHELF_LINES	64
#define SHELF_SLOTS	64	/* as many as ap_command.taken has bits */
#define SHELF_REPLIES	8	/* of one queue */
#define SHELF_BIT(slot)	(UINT64_C(1) << (slot))	/* in ap_command.taken */
#define SHELF_WORDS	256
#define SHELF_ROOM	(SHELF_WORDS * sizeof(uint64_t))

struct ap_shelf_line {
	_Atomic uint64_t sequence;
	_Atomic uint64_t head;			/* a struct shelf_head */
	_Atomic uint64_t reply[SHELF_REPLIES];	/* a struct shelf_reply each */
};

struct ap_shelf_slot {
	_Atomic uint64_t psmid;
	_Atomic uint64_t word[SHELF_WORDS];
};

struct ap_shelf {
	struct ap_shelf_line line[SHELF_LINES];
	struct ap_shelf_slot slot[SHELF_SLOTS];
};

/*
 * @room: the longest area that DQAP may have
 * @depth: how many requests the queue can hold
 * @count: how many it holds, with their replies
 * @replies: how many of them are replies, which the line names
 */
struct shelf_head {
	uint16_t apqn;
	uint16_t room;
	uint8_t depth;
	uint8_t count;
	uint8_t replies;
	uint8_t flags;
};

#define SHELF_VALID	0x1	/* the line describes the queue */
#define SHELF_IRQ	0x2	/* the queue interrupts a VM */

struct shelf_reply {
	uint32_t slot;
	uint32_t length;
};

/* Queues that share a line cannot be described at the same time. */
static inline unsigned int shelf_line_of(uint16_t apqn)
{
	return (AP_ADAPTER(apqn) * 17 + AP_DOMAIN(apqn)) % SHELF_LINES;
}

static inline uint64_t shelf_head_word(struct shelf_head head)
{
	uint64_t word;

	_Static_assert(sizeof(head) == sizeof(word), "it is one word");
	memcpy(&word, &head, sizeof(word));
	return word;
}

static inline struct shelf_head shelf_head_of(uint64_t word)
{
	struct shelf_head head;

	memcpy(&head, &word, sizeof(head));
	return head;
}

static inline uint64_t shelf_reply_word(struct shelf_reply reply)
{
	return (uint64_t)reply.slot << 32 | reply.length;
}

static inline struct shelf_reply shelf_reply_of(uint64_t word)
{
	return (struct shelf_reply){ word >> 32, word };
}

#endif /* ABI_SHELF_H */
